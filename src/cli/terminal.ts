import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Paints text for one stream: only when it is a terminal, and never with NO_COLOR or `--no-color`. */
export type Paint = (style: Style, text: string) => string;

/** The painter of a stream. FORCE_COLOR counts, as Node defines it. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

/** Whether a stream gets colours. */
export function hasColor(stream: NodeJS.WriteStream): boolean {
  return paintFor(stream)('bold', 'x') !== 'x';
}

/** Says something to the person at the terminal: one line on stderr. */
export function say(line = ''): void {
  process.stderr.write(`${line}\n`);
}
