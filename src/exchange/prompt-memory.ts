import { type ComparedTexts, fingerprintInSlices, fingerprintOf } from '../detect/comparison/fingerprint.ts';
import type { Fingerprint } from '../detect/comparison/shingle-set.ts';
import type { Slices } from '../lib/slices.ts';
import type { Lane } from '../text/lane.ts';
import type { Segment } from '../text/segment.ts';

/**
 * What an exchange keeps of its request to compare the answer with. While the request comes: the texts of these lanes; from its end on the
 * fingerprint alone. An answer that begins before that is compared with nothing.
 */
export interface PromptMemory {
  /** Whether texts of a lane are kept, and so must be decoded. */
  wants(lane: Lane): boolean;
  /** Takes a text of the request. */
  note(segment: Pick<Segment, 'key' | 'lane' | 'text'>): void;
  /** The request has ended. */
  close(): void;
  /** The same, a slice of bounded work in each step; until the last it keeps the texts. */
  closeInSlices(): Slices;
  /** Undefined before `close`, and where the request has no system text that is long enough. */
  readonly fingerprint: Fingerprint | undefined;
  /** Bytes it keeps. */
  readonly heldBytes: number;
}

/**
 * The system text, and what its caller knows besides: his own words, and the tools and documents that the answer is about. Earlier answers
 * and what tools returned do not count as known: a leak may stand there already.
 */
const KEPT: Readonly<Partial<Record<Lane, keyof ComparedTexts>>> = {
  system: 'system',
  user: 'known',
  'tool-definition': 'known',
  document: 'known',
};

export function createPromptMemory(): PromptMemory {
  return new RequestTexts();
}

/** There is one for each exchange: its fields are all that it takes. */
class RequestTexts implements PromptMemory {
  fingerprint: Fingerprint | undefined;
  heldBytes = 0;
  /** By lane and key: parts with one key are one text. Undefined: the request has ended. */
  #texts: Map<string, { readonly as: keyof ComparedTexts; text: string }> | undefined = new Map();

  wants(lane: Lane): boolean {
    return KEPT[lane] !== undefined;
  }

  note({ key, lane, text }: Pick<Segment, 'key' | 'lane' | 'text'>): void {
    const as = KEPT[lane];
    if (as === undefined || this.#texts === undefined) return;
    const place = `${lane} ${key}`;
    const known = this.#texts.get(place);
    if (known === undefined) this.#texts.set(place, { as, text });
    else known.text += text;
    this.heldBytes += 2 * text.length;
  }

  close(): void {
    this.#keep(fingerprintOf(this.#comparedTexts()));
  }

  *closeInSlices(): Slices {
    this.#keep(yield* fingerprintInSlices(this.#comparedTexts()));
  }

  #comparedTexts(): ComparedTexts {
    const compared: { readonly system: string[]; readonly known: string[] } = { system: [], known: [] };
    for (const { as, text } of this.#texts?.values() ?? []) compared[as].push(text);
    return compared;
  }

  #keep(fingerprint: Fingerprint | undefined): void {
    this.fingerprint = fingerprint;
    this.heldBytes = fingerprint?.bytes ?? 0;
    this.#texts = undefined;
  }
}
