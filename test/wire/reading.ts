import { DEFAULT_LIMITS } from '../../src/lib/limits.ts';
import type { Direction, Lane } from '../../src/text/lane.ts';
import type { BodyReaderOptions } from '../../src/wire/body-reader.ts';
import { createBodyReader } from '../../src/wire/body-reader.ts';
import type { WireFormat } from '../../src/wire/format.ts';
import type { Frame, WireFacts } from '../../src/wire/frame.ts';
import { emptyFacts } from '../../src/wire/frame.ts';

export interface ReadOptions {
  readonly format: WireFormat;
  readonly direction: Direction;
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string;
  readonly limits?: Partial<BodyReaderOptions['limits']>;
}

export interface Reading {
  readonly frames: readonly Frame[];
  readonly facts: WireFacts;
}

/** All frames of a body that comes in these pieces. */
export function read(
  parts: readonly Buffer[],
  { contentEncoding, limits, contentType = 'application/json', ...rest }: ReadOptions,
): Reading {
  const facts = emptyFacts();
  const reader = createBodyReader({ ...rest, contentType, contentEncoding, limits: { ...DEFAULT_LIMITS, ...limits }, facts });
  return { frames: [...parts.flatMap((part) => [...reader.push(part)]), ...reader.end()], facts };
}

/** Lane and text of every key, in order of appearance: `[lane, key, text]`. */
export function lanes({ frames }: Pick<Reading, 'frames'>): (readonly [Lane, string, string])[] {
  const found = new Map<string, readonly [Lane, string, string]>();
  for (const segment of frames.flatMap((frame) => frame.segments)) {
    const before = found.get(segment.key);
    found.set(segment.key, [segment.lane, segment.key, (before?.[2] ?? '') + segment.text]);
  }
  return [...found.values()];
}

/** As `lanes`, without the names of fields that no dialect knows. */
export const values = (reading: Pick<Reading, 'frames'>): (readonly [Lane, string, string])[] =>
  lanes(reading).filter(([, key]) => !key.startsWith('key#'));

/** Everything of a reading that must not depend on how the body was cut. */
export function outcome({ frames, facts }: Reading): unknown {
  return {
    frames: frames.map(({ bytes, carriers, seal: _seal, ...rest }) => ({
      ...rest,
      bytes: bytes.toString('latin1'),
      carriers: carriers?.map(({ content }) => content.toString('latin1')),
    })),
    facts,
  };
}
