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
  /** By lane and key: parts with one key are one text. */
  let texts = new Map<string, { readonly as: keyof ComparedTexts; text: string }>();
  const self = {
    fingerprint: undefined as Fingerprint | undefined,
    heldBytes: 0,
    wants: (lane: Lane) => KEPT[lane] !== undefined,
    note({ key, lane, text }: Pick<Segment, 'key' | 'lane' | 'text'>) {
      const as = KEPT[lane];
      if (as === undefined) return;
      const known = texts.get(`${lane} ${key}`);
      if (known === undefined) texts.set(`${lane} ${key}`, { as, text });
      else known.text += text;
      self.heldBytes += 2 * text.length;
    },
    close: () => keep(fingerprintOf(comparedTexts())),
    *closeInSlices() {
      keep(yield* fingerprintInSlices(comparedTexts()));
    },
  };
  return self;

  function comparedTexts(): ComparedTexts {
    const all = [...texts.values()];
    const textsOf = (wanted: keyof ComparedTexts) => all.filter(({ as }) => as === wanted).map(({ text }) => text);
    return { system: textsOf('system'), known: textsOf('known') };
  }

  function keep(fingerprint: Fingerprint | undefined): void {
    self.fingerprint = fingerprint;
    self.heldBytes = fingerprint?.bytes ?? 0;
    texts = new Map();
  }
}
