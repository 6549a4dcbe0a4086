/** A text from elsewhere for a terminal: control, format and surrogate characters become `\u{…}`, so that it cannot steer what shows it. */
export function printable(text: string): string {
  let out = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    out += isSteering(code) ? `\\u{${code.toString(16)}}` : character;
  }
  return out;
}

/** C0, DEL and C1 controls, bidirectional marks and overrides, lone surrogates, the byte order mark. */
function isSteering(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    code === 0xfeff
  );
}
