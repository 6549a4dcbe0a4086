import { assignedName } from './assigned-name.ts';
import { looksRandom } from './looks-random.ts';

/**
 * Makes the check of a secret that has no prefix of its own: the value is assigned to a name that says so (`…_KEY`, `token`, `secret`), and
 * one of the vendor's names, in lower case, stands in the text to the left; or it is assigned to the vendor's bare name. Hashes, ids and
 * file names near the vendor's name are assigned to other names.
 */
export function vendorSecret(...vendors: readonly string[]): (candidate: string, before: string) => boolean {
  return (candidate, before) => {
    const lower = before.toLowerCase();
    if (!vendors.some((vendor) => lower.includes(vendor))) return false;
    const name = assignedName(before);
    return (vendors.includes(name) || isSecretName(name)) && looksRandom(candidate);
  };
}

const SECRET_WORDS = ['key', 'token', 'secret', 'pass', 'pwd', 'auth', 'login', 'credential', 'pat'];

/** `api_key_id`, `token_url`, `secret_name`: what such a name ends with tells that the value is about the secret, not the secret. */
const OTHER_ENDS = ['id', 'ids', 'url', 'uri', 'name', 'path', 'file', 'type', 'size', 'length', 'hash', 'digest', 'version', 'ref', 'arn'];
const OTHER_WORDS = ['public', 'sha1', 'sha256', 'md5', 'checksum', 'fingerprint', 'keyword', 'author-', 'commit'];

/** Whether a lower-case name is that of a secret value. */
export function isSecretName(name: string): boolean {
  if (!SECRET_WORDS.some((word) => name.includes(word)) || OTHER_WORDS.some((word) => name.includes(word))) return false;
  return !OTHER_ENDS.some((end) => name.endsWith(`_${end}`) || name.endsWith(`-${end}`) || name.endsWith(`.${end}`));
}
