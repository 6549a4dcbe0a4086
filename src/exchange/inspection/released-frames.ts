import { added, NONE_YET } from '../../lib/growing-list.ts';
import { type ByteSpan, utf16Offset } from '../../lib/units.ts';
import { spliceFrame } from '../../respond/splice.ts';
import type { KeptFrames } from '../../wire/format.ts';
import type { Frame } from '../../wire/frame.ts';
import type { BodyVerdict } from './body-verdict.ts';
import { cutsOf } from './frame-cuts.ts';
import type { HeldFrame } from './held-frames.ts';
import type { InspectionOptions } from './inspection-options.ts';
import { KeptParts } from './kept-parts.ts';

/**
 * Frames of one body that leave: as they came, or with what was decided written into their bytes. It knows where the client is who has
 * received them, and what an ending has to repeat.
 */
export class ReleasedFrames {
  /** Whether any released byte differs from what came. */
  changed = false;
  /** Of the frames that `take` has not given yet, as they came. */
  waitingBytes = 0;
  /** After the last frame that left (`Frame.position`). */
  position: unknown;
  readonly #verdict: BodyVerdict;
  /** Each frame is given as a buffer of its own. */
  readonly #isApart: boolean;
  #parts: Buffer[] = NONE_YET;
  /** Bytes that leave and are not among the parts yet: a part of one buffer. */
  #run: { readonly first: Buffer; to: number } | undefined;
  #kept: KeptParts | undefined;

  constructor(verdict: BodyVerdict, { apart = false }: Pick<InspectionOptions, 'apart'>) {
    this.#verdict = verdict;
    this.#isApart = apart;
  }

  /** The next frame leaves; every lane in it is decided, or nobody waits for that. */
  leave(held: HeldFrame): void {
    const { frame } = held;
    this.#add(this.#verdict.enforces ? this.#rewrite(held) : frame.bytes);
    this.waitingBytes += frame.bytes.length;
    this.position = frame.position ?? this.position;
  }

  /** What has left since the last call, in order. */
  take(): Buffer[] {
    this.#endRun();
    const parts = this.#parts;
    this.#parts = NONE_YET;
    this.waitingBytes = 0;
    return parts;
  }

  /** What the frames said that an ending repeats; undefined: that was too much. */
  get kept(): KeptFrames | undefined {
    const kept = this.#kept ?? new KeptParts();
    return kept.isTooMuch ? undefined : kept;
  }

  #rewrite({ frame, placements, removals }: HeldFrame): Buffer {
    const cuts = cutsOf(placements);
    for (const { lane, end } of placements) {
      lane.scan.forgetBefore(utf16Offset(end));
      lane.minting?.forgetBefore(end);
    }
    const broken = this.#brokenIn(frame);
    const repeats = frame.echoes.length > 0 && this.#verdict.hasRedactions; // they may say again what an earlier frame lost
    const isChanged = cuts.length > 0 || broken.length > 0 || removals.length > 0 || repeats;
    const bytes = isChanged ? spliceFrame(frame, cuts, broken, removals) : frame.bytes;
    this.changed ||= isChanged;
    if (frame.keep !== undefined) {
      this.#kept ??= new KeptParts();
      this.#kept.add(frame, bytes, cuts);
    }
    return bytes;
  }

  #brokenIn({ signatures }: Frame): readonly ByteSpan[] {
    return signatures?.filter((signature) => this.#verdict.breaks(signature)) ?? NO_SPANS;
  }

  /** Frames that came side by side leave as one buffer: a body of tiny events would cost many times its bytes. */
  #add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const run = this.#run;
    if (!this.#isApart && run?.first.buffer === bytes.buffer && run.to === bytes.byteOffset) {
      run.to += bytes.length;
      return;
    }
    this.#endRun();
    this.#run = { first: bytes, to: bytes.byteOffset + bytes.length };
  }

  #endRun(): void {
    if (this.#run === undefined) return;
    const { first, to } = this.#run;
    const length = to - first.byteOffset;
    this.#parts = added(this.#parts, length === first.length ? first : Buffer.from(first.buffer, first.byteOffset, length));
    this.#run = undefined;
  }
}

const NO_SPANS: readonly ByteSpan[] = [];
