import { isReference, isStandIn } from './secret-value.ts';

/**
 * The check of a URL up to the first letter of its host: its password is one that somebody chose. A word is enough here, the place says
 * that it is a password; not so the user's name again, a word of documentation, a variable or a template.
 */
export function isUrlPassword(candidate: string): boolean {
  const authority = candidate.slice(candidate.indexOf('//') + 2, candidate.lastIndexOf('@'));
  const colon = authority.indexOf(':');
  const [user, password] = [authority.slice(0, colon).toLowerCase(), authority.slice(colon + 1)];
  const lower = password.toLowerCase();
  return lower !== user && !isStandIn(password) && !isReference(password) && !lower.includes('password');
}
