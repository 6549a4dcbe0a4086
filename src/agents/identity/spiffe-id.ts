import { asciiSet } from '../../lib/ascii-set.ts';

const SCHEME = 'spiffe://';
const UNITS_MAX = 2048;
const DOMAIN_UNITS_MAX = 255;

/**
 * Whether a text is a SPIFFE ID (SPIFFE-ID, section 2): `spiffe://`, a trust domain of lower-case letters, digits, `.`, `-` and `_`, and a
 * path whose segments are neither empty nor dots. At most 2048 bytes, all of them ASCII.
 */
export function isSpiffeId(text: string): boolean {
  if (!text.startsWith(SCHEME) || text.length > UNITS_MAX) return false;
  const [domain = '', ...segments] = text.slice(SCHEME.length).split('/');
  return domain !== '' && domain.length <= DOMAIN_UNITS_MAX && isDomain(domain) && segments.every(isSegment);
}

const isDomain = asciiSet('a-z0-9._-');
const isPlain = asciiSet('A-Za-z0-9._-');

function isSegment(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..' && isPlain(segment);
}
