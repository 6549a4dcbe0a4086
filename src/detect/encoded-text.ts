/**
 * Encodings of printable ASCII as patterns: what data looks like when it is put into a URL. Random tokens, hashes and signatures do not
 * fit. In base64 (RFC 4648) the first three characters of every four carry a high bit that is 0 in ASCII; six groups of random text fit
 * once in ten million. In hex, every first digit is 2–7.
 */
const GROUP = '[I-Za-f][C-HS-Xi-ny-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]';
// Not `htt…` and `{"…`: image proxies carry the address of the picture in base64, renderers a JSON object.
const FIRST_GROUP =
  '(?:[I-Zb-df][C-HS-Xi-ny-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589]|a[C-GS-Xi-ny-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589]|aH[ABEFIJMNQUVYZcdghklopstwx014589]|e(?:[C-HS-Xi-nz0-3][ABEFIJMNQRUVYZcdghklopstwx014589]|y[ABEFIMNQRUVYZcdghklopstwx014589]))[A-Za-z0-9+/_-]';

/** At least 24 characters of base64 or base64url of printable ASCII, neither an address nor a JSON object. */
export const BASE64_OF_TEXT: string = `(?-i:${FIRST_GROUP}(?:${GROUP}){5,200})`;

/** At least 12 bytes of printable ASCII in hex, not an address. */
export const HEX_OF_TEXT = '(?:[2-57][0-9a-f]|6[0-79a-f]|68(?:[2-6][0-9a-f]|7[0-35-9a-f]))(?:[2-7][0-9a-f]){15,300}';
