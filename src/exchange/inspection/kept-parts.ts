import { FIXED } from '../../lib/limits.ts';
import { type FrameCut, renderText } from '../../respond/splice.ts';
import type { KeptFrames } from '../../wire/format.ts';
import type { Frame } from '../../wire/frame.ts';

/** What frames that have left said, for an ending that repeats it; over `FIXED.keptUnits` it lets go of everything. */
export class KeptParts implements KeptFrames {
  readonly bytes: Buffer[] = [];
  readonly texts = new Map<string, string>();
  isTooMuch = false;
  #units = 0;

  /** `bytes`: of the frame, as they leave; `cuts`: what of its texts does not. */
  add({ keep, segments }: Frame, bytes: Buffer, cuts: readonly FrameCut[]): void {
    if (this.isTooMuch) return;
    if (keep === 'bytes') this.#addBytes(bytes);
    else for (const [index, { key, text }] of segments.entries()) this.#addText(key, leftOf(text, ofSegment(cuts, index)));
    if (this.#units > FIXED.keptUnits) this.#letGo();
  }

  #addBytes(bytes: Buffer): void {
    this.bytes.push(bytes);
    this.#units += bytes.length;
  }

  #addText(key: string, text: string): void {
    this.texts.set(key, (this.texts.get(key) ?? '') + text);
    this.#units += text.length;
  }

  #letGo(): void {
    this.isTooMuch = true;
    this.bytes.length = 0;
    this.texts.clear();
  }
}

function ofSegment(cuts: readonly FrameCut[], index: number): readonly FrameCut[] {
  return cuts.filter(({ segment }) => segment === index);
}

function leftOf(text: string, cuts: readonly FrameCut[]): string {
  return cuts.length === 0 ? text : renderText(text, cuts);
}
