import type { Effect } from '../exchange/events.ts';
import { createInflate, type Decoded, type Inflate } from '../services/inflate.ts';

export type DecodeEffect = Extract<Effect, { readonly kind: 'decode' }>;
type Direction = DecodeEffect['direction'];

/** Decoders of the compressed bodies of one call, one for each direction. Most calls have none. */
export class CallDecoders {
  readonly #onDecoded: (direction: Direction, decoded: Decoded) => void;
  readonly #inflates = new Map<Direction, Inflate>();
  #underWay = 0;
  #postponed: DecodeEffect[] = [];

  constructor(onDecoded: (direction: Direction, decoded: Decoded) => void) {
    this.#onDecoded = onDecoded;
  }

  /** What is asked for and not given yet. */
  get pending(): number {
    return this.#underWay + this.#postponed.length;
  }

  decode(effect: DecodeEffect): void {
    const { direction, codings, ratioMax } = effect;
    const inflate = this.#inflates.get(direction) ?? createInflate({ codings, ratioMax });
    this.#inflates.set(direction, inflate);
    this.#underWay++;
    inflate.decode(effect, (decoded) => {
      this.#underWay--;
      this.#onDecoded(direction, decoded);
    });
  }

  /** A decoder works as fast as the peer reads what comes of it. */
  postpone(effect: DecodeEffect): void {
    this.#postponed.push(effect);
  }

  /** The peer has read what waited for it. */
  goOn(): void {
    for (const effect of this.#postponed.splice(0)) this.decode(effect);
  }

  /** Nothing more is decoded, and nothing given. */
  close(): void {
    for (const inflate of this.#inflates.values()) inflate.close();
    this.#inflates.clear();
    this.#underWay = 0;
    this.#postponed = [];
  }
}
