import type { Limits } from '../../lib/limits.ts';
import type { Finding } from '../../policy/finding.ts';
import type { FailMode, Profile } from '../../policy/policy.ts';
import type { Direction } from '../../text/lane.ts';
import type { WireFormat } from '../../wire/format.ts';
import type { WireFacts } from '../../wire/frame.ts';
import type { Learning } from '../../wire/learning.ts';
import type { AnswerCheck } from '../answer-check.ts';
import type { PromptMemory } from '../prompt-memory.ts';
import type { TokenRestoring } from '../token-restoring.ts';
import type { ToolGuard } from '../tool-guard.ts';
import type { ValueTokens } from '../value-tokens.ts';

/** What the inspection of one body is told about it, and what it fills. */
export interface InspectionOptions {
  readonly direction: Direction;
  readonly format: WireFormat;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly profile: Profile;
  readonly mode: 'observe' | 'enforce';
  readonly failMode: FailMode;
  readonly limits: Limits;
  /** Filled while reading. */
  readonly facts: WireFacts;
  /** Findings of the exchange so far, both directions; this inspection adds its own. */
  readonly findings: Finding[];
  /** Whether texts of lanes that no rule looks at are counted in `lanes` too; for that they must be decoded. Default: true. */
  readonly countAll?: boolean;
  /** Whether frames say the definitions of tools and the arguments of calls as texts of their own. Default: false. */
  readonly toolTexts?: boolean;
  /** Judges what the frames do with tools. Undefined: nobody does. */
  readonly guard?: ToolGuard | undefined;
  /** Holds the answer against what the request declared; of both directions the same. Default: nothing does. */
  readonly answers?: AnswerCheck | undefined;
  /** `take` gives each frame as a buffer of its own. Default: frames that came side by side leave as one. */
  readonly apart?: boolean;
  /** Filled by the request's inspection, asked by the answer's. Default: nothing is compared. */
  readonly prompt?: PromptMemory | undefined;
  /** Tokens for values of the request; in the answer they become values again, as `restoring` allows. Default: nothing is reversible. */
  readonly tokens?: ValueTokens | undefined;
  /** Of the answer. */
  readonly restoring?: TokenRestoring | undefined;
  /** Filled while reading, for the inventory. Default: nobody learns. */
  readonly learning?: Learning | undefined;
  /** Told when the body turns out to be another dialect than its head said; it holds for the rest of the exchange. */
  readonly onFormat?: ((format: WireFormat) => void) | undefined;
  /** Whether a request that says no dialect is taken for the model's that it looks like. Default: false. */
  readonly byShape?: boolean;
  /** Whether a large body is read in slices, which whoever has the inspection asks for (`isBusy`). Default: all of it at once. */
  readonly sliced?: boolean;
}
