import { every, isDate, isDigit, isEmail, isHex, isUuid } from '../lib/id-like.ts';

/** Formats of OpenAPI and JSON Schema that a text is looked at for. */
export type StringFormat = 'uuid' | 'date' | 'date-time' | 'email' | 'uri' | 'ipv4' | 'ipv6';

/** Longest text with a format, in UTF-16 units: that of a mail address (RFC 5321). An address that begins with its scheme may be longer. */
export const FORMAT_UNITS_MAX = 254;

/** What a text looks like; undefined: any text. */
export function stringFormat(text: string): StringFormat | undefined {
  if (text.startsWith('https://') || text.startsWith('http://')) return 'uri';
  if (text.length < 7 || text.length > FORMAT_UNITS_MAX) return undefined;
  if (isDigit(text.charCodeAt(0)) && isDate(text)) return text.length === 10 ? 'date' : text.length > 10 ? 'date-time' : undefined;
  if (text.length === 36 && isUuid(text)) return 'uuid';
  if (isIpv4(text)) return 'ipv4';
  if (isIpv6(text)) return 'ipv6';
  return isEmail(text) && every(text, (code) => code > 32 && code < 127) ? 'email' : undefined;
}

function isIpv4(text: string): boolean {
  if (text.length > 15 || !isDigit(text.charCodeAt(0))) return false;
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => part !== '' && part.length <= 3 && every(part, isDigit) && Number(part) <= 255);
}

/** Not every one that is well formed, and hardly one that is not: groups of hex digits with two colons at least. */
function isIpv6(text: string): boolean {
  if (text.length > 39 || !every(text, (code) => isHex(code) || code === COLON)) return false;
  const groups = text.split(':');
  return (
    groups.length >= 4 && groups.length <= 8 && groups.every((group) => group.length <= 4) && (text.includes('::') || groups.length === 8)
  );
}

const COLON = 58;
