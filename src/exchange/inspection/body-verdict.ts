import type { Match } from '../../detect/scan.ts';
import { findingOf } from '../../policy/decide.ts';
import type { Finding } from '../../policy/finding.ts';
import { denialFor } from '../../respond/denial.ts';
import type { Lane } from '../../text/lane.ts';
import type { Denial } from '../../wire/format.ts';
import type { Signature, UninspectableReason } from '../../wire/frame.ts';
import type { InspectionOptions } from './inspection-options.ts';
import { SignedTexts } from './signed-texts.ts';

/** What decides how a body is judged. */
export type VerdictOptions = Pick<InspectionOptions, 'direction' | 'mode' | 'failMode' | 'limits' | 'findings'>;

/**
 * What one body is found to be: findings, why parts of it were not inspected, and the denial that follows from either. The first denial
 * stays, and is the last thing on record.
 */
export class BodyVerdict {
  denial: Denial | undefined;
  /** Whether what is found has consequences; otherwise it is on record, and all leaves as it came. */
  readonly enforces: boolean;
  readonly #options: VerdictOptions;
  /** Most bodies have none. */
  #uninspected: Set<UninspectableReason> | undefined;
  /** Undefined: nothing is redacted or signed. */
  #signed: SignedTexts | undefined;

  constructor(options: VerdictOptions) {
    this.#options = options;
    this.enforces = options.mode === 'enforce';
  }

  /** Why parts were not inspected; each reason once. */
  get uninspected(): ReadonlySet<UninspectableReason> {
    return this.#uninspected ?? NO_REASONS;
  }

  /** Takes over what a scan has matched. Whether it is on record: nothing is behind a denial, nor over the limit of findings. */
  matched(match: Match, lane: Lane): boolean {
    if (this.denial !== undefined) return false;
    const { findings, limits, direction, mode } = this.#options;
    if (findings.length >= limits.findings) {
      this.notInspected('finding-limit');
      return false;
    }
    findings.push(findingOf(match, { lane, direction, mode }));
    return true;
  }

  /** Takes over what was found otherwise. What ends the exchange is on record however many findings there are before it. */
  found(finding: Finding): void {
    if (this.denial !== undefined) return;
    const { findings, limits } = this.#options;
    if (findings.length >= limits.findings && finding.taken !== 'deny') return this.notInspected('finding-limit');
    findings.push(finding);
    if (finding.taken === 'deny') this.deny(finding.detector);
  }

  /** A finding of this detector ends the exchange. */
  deny(detector: string): void {
    this.denial ??= denialFor('content_filter', detector);
  }

  /** The text of this key will not leave as it came. */
  redacted(key: string): void {
    this.#signed ??= new SignedTexts();
    if (this.#signed.redact(key)) this.notInspected('signed-text');
  }

  /** Some text of the body is signed. */
  signed(signature: Signature): void {
    this.#signed ??= new SignedTexts();
    if (!this.#signed.sign(signature)) this.notInspected('lane-limit');
    if (this.#signed.isBroken(signature)) this.notInspected('signed-text');
  }

  /** Whether a text below the signature does not leave as it came. */
  breaks(signature: Signature): boolean {
    return this.#signed?.isBroken(signature) === true;
  }

  /** Whether any text does not leave as it came. */
  get hasRedactions(): boolean {
    return this.#signed?.hasRedactions === true;
  }

  /** Counts what cannot be inspected or honoured, and denies where policy wants that. */
  notInspected(reason: UninspectableReason): void {
    this.addReason(reason);
    const { failMode, direction } = this.#options;
    const isOpaque = reason === 'opaque' || reason === 'media';
    const byReason = LIMIT_REASONS.has(reason) ? failMode.onLimit : isOpaque ? failMode.onOpaque : failMode.onUninspectable;
    if (this.enforces && failMode[direction] === 'closed' && byReason === 'deny')
      this.denial ??= denialFor(SIZE_REASONS.has(reason) ? 'request_too_large' : 'uninspectable');
  }

  /** Counts what was not inspected and what no denial hangs on. */
  addReason(reason: UninspectableReason): void {
    this.#uninspected ??= new Set();
    this.#uninspected.add(reason);
  }
}

const NO_REASONS: ReadonlySet<UninspectableReason> = new Set();

const LIMIT_REASONS: ReadonlySet<UninspectableReason> = new Set([
  'body-limit',
  'decoded-limit',
  'event-limit',
  'lane-limit',
  'finding-limit',
  'block-limit',
  'view-limit',
  'tool-limit',
  'schema-limit',
  'prompt-limit',
]);
const SIZE_REASONS: ReadonlySet<UninspectableReason> = new Set(['body-limit', 'decoded-limit', 'event-limit']);
