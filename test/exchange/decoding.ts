import type { Effect, EnvoyEvent } from '../../src/exchange/events.ts';
import type { Driven } from './drive.ts';
import { NOW } from './drive.ts';

type DecodeEffect = Extract<Effect, { kind: 'decode' }>;
type Decoded = Extract<EnvoyEvent, { kind: 'decoded' }>;

/** A coding that can be cut anywhere, for tests of what waits for a decoder: each byte is turned over by itself. */
export const encode = (bytes: string | Buffer): Buffer => Buffer.from(Buffer.from(bytes).map((byte) => byte ^ 0xa5));

/** Effects of a step that ask for decoding. */
export const decodesIn = (effects: readonly Effect[]): readonly DecodeEffect[] => effects.filter((effect) => effect.kind === 'decode');

/** The answer of a decoder that works. */
export function decoded({ direction }: Pick<DecodeEffect, 'direction'>, bytes: string | Buffer, more: Partial<Decoded> = {}): Decoded {
  return { kind: 'decoded', direction, parts: [Buffer.from(bytes)], more: false, failure: undefined, unixMs: NOW, ...more };
}

/**
 * Does as a decoder does whatever the effects ask for, in slices of at most so many bytes; gives those effects and all that follow, without
 * the asking.
 */
export function withDecoder(exchange: Driven, effects: readonly Effect[], sliceBytes: number): readonly Effect[] {
  const out: Effect[] = [];
  const left = { request: Buffer.alloc(0), response: Buffer.alloc(0) };
  const queue = [...effects];
  for (let effect = queue.shift(); effect !== undefined; effect = queue.shift()) {
    if (effect.kind !== 'decode') {
      out.push(effect);
      continue;
    }
    const { direction } = effect;
    const all = Buffer.concat([left[direction], encode(effect.bytes)]);
    left[direction] = all.subarray(sliceBytes);
    queue.push(...exchange.step(decoded(effect, all.subarray(0, sliceBytes), { more: left[direction].length > 0 })));
  }
  return out;
}
