import { classifyTool, type ToolClassRow } from '../agents/conversation/tool-class.ts';
import { FIXED } from '../lib/limits.ts';
import type { Segment } from '../text/segment.ts';
import type { Frame } from '../wire/frame.ts';
import { isBelow } from '../wire/walk.ts';

/** Says in which texts of an answer tokens become values. Told every frame once, in order, before it is asked about its texts. */
export interface TokenRestoring {
  read(frame: Frame): void;
  allows(segment: Pick<Segment, 'key' | 'lane'>): boolean;
}

/**
 * Not in what a model thinks, which its provider may have signed and wants back unchanged; not in other texts that are signed; not in the
 * arguments of a tool that sends. Arguments that belong to no call that is known (a stream's last event repeats them) are restored when
 * none of the answer's calls sends.
 */
export function createTokenRestoring(toolClasses: readonly ToolClassRow[]): TokenRestoring {
  /** Whether a call may be given values, by its key. */
  const calls = new Map<string, boolean>();
  const signed = new Set<string>();
  let isFull = false;

  function mayHave(key: string): boolean {
    const [of] = [...calls.keys()].filter((call) => isBelow(key, call)).sort((a, b) => b.length - a.length);
    return of === undefined ? calls.size > 0 && [...calls.values()].every((may) => may) : calls.get(of) === true;
  }

  return {
    read({ tools, signatures }) {
      for (const { key } of signatures ?? []) signed.add(key);
      for (const event of tools ?? []) {
        if (event.kind !== 'call') continue;
        const sends = event.name === undefined || classifyTool(event.name, toolClasses).classes.has('sends-data');
        calls.set(event.key, event.target === 'tool' && !sends);
      }
      isFull ||= calls.size > FIXED.lanes || signed.size > FIXED.lanes;
    },
    allows({ key, lane }) {
      if (isFull || lane === 'reasoning') return false;
      if ([...signed].some((one) => isBelow(key, one))) return false;
      return lane !== 'tool-arguments' || mayHave(key);
    },
  };
}
