import { createGather } from './gather.ts';

/** One line with its line feed. `end`: length without the line end (LF or CRLF). `oversized`: a piece of a line over the limit. */
export interface Line {
  readonly bytes: Buffer;
  readonly end: number;
  readonly oversized: boolean;
}

export interface LineFramer {
  push(bytes: Buffer): readonly Line[];
  /** Gives the last line when it has no line feed. */
  end(): readonly Line[];
}

/**
 * Cuts JSON Lines at line feeds; the bytes of all lines are the input. Blank lines come with the line after them. Each byte is looked at once. A line over `lineBytesMax` comes out in pieces as it arrives, marked.
 */
export function createLineFramer({ lineBytesMax }: { readonly lineBytesMax: number }): LineFramer {
  const pending = createGather();
  let oversized = false;
  /** Nothing but line ends are pending: they belong to the line that follows. */
  let blank = true;

  function take(complete: boolean): Line {
    const bytes = pending.take();
    const over = oversized || bytes.length > lineBytesMax;
    oversized = over && !complete;
    blank = true;
    return { bytes, end: contentEnd(bytes), oversized: over };
  }

  return {
    push(bytes) {
      const lines: Line[] = [];
      let from = 0;
      while (from < bytes.length) {
        const feed = bytes.indexOf(0x0a, from);
        const to = feed < 0 ? bytes.length : feed + 1;
        pending.add(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
        blank &&= isBlank(bytes, from, to);
        if ((feed >= 0 && !blank) || oversized || pending.size > lineBytesMax) lines.push(take(feed >= 0));
        from = to;
      }
      return lines;
    },
    end: () => (pending.size > 0 ? [take(true)] : []),
  };
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let p = from; p < to; p++) if (bytes[p] !== 0x0a && bytes[p] !== 0x0d) return false;
  return true;
}

function contentEnd(bytes: Buffer): number {
  let end = bytes.length;
  if (end > 0 && bytes[end - 1] === 0x0a) end--;
  if (end > 0 && bytes[end - 1] === 0x0d) end--;
  return end;
}
