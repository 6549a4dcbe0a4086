import { unitAt } from './unit-at.ts';
/**
 * A set of ASCII characters, written as a text in which `a-z` is a range (a hyphen at the end is one). The function it gives says whether
 * a text is made of them alone; the empty text is. Linear, for text from traffic.
 */
export function asciiSet(written: string): (text: string) => boolean {
  const members = new Uint8Array(128);
  for (let at = 0; at < written.length; at++) {
    const from = unitAt(written, at);
    const isRange = written[at + 1] === '-' && at + 2 < written.length;
    const to = isRange ? unitAt(written, at + 2) : from;
    members.fill(1, from, to + 1);
    if (isRange) at += 2;
  }
  return (text) => {
    for (let at = 0; at < text.length; at++) if (members[unitAt(text, at)] !== 1) return false;
    return true;
  };
}

export const isHex = asciiSet('0-9a-fA-F');
/** The alphabet of base64url (RFC 4648, 5), without padding. */
export const isBase64Url = asciiSet('A-Za-z0-9_-');
