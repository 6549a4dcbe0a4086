import type { Engine } from '../detect/scan.ts';
import { createInspection } from '../exchange/inspection.ts';
import type { Policy, Profile } from '../policy/policy.ts';
import { renderText } from '../respond/splice.ts';
import type { Direction } from '../text/lane.ts';
import { createBodyReader } from '../wire/body-reader.ts';
import type { WireFormat } from '../wire/format.ts';
import { emptyFacts, type Frame, type UninspectableReason } from '../wire/frame.ts';

export interface BodyRedactionOptions {
  readonly direction: Direction;
  readonly format: WireFormat;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly policy: Policy;
  readonly profile: Profile;
  /** Rules that all redact. */
  readonly engine: Engine;
}

/**
 * A body in its chunks, with what the engine finds replaced: read into frames and lanes as an exchange reads it, so text that is spread
 * over events is found. Bytes that nobody can read become as many fill bytes.
 *
 * There are as many chunks as before. A border inside bytes that stay stays where it was; one inside the changed part of a frame moves
 * to the end of that part. So no placeholder is ever cut, and events come in the same chunk as before unless a border went through them.
 */
export function redactBody(chunks: readonly Buffer[], options: BodyRedactionOptions): readonly Buffer[] {
  const pieces = redactedPieces(chunks, options);
  const borders: number[] = [];
  let at = 0;
  for (const { length } of chunks) {
    at += length;
    borders.push(at);
  }
  const moved = moveBorders(borders, pieces);
  const whole = Buffer.concat(pieces.map(({ after }) => after));
  return moved.map((end, i) => whole.subarray(moved[i - 1] ?? 0, i === moved.length - 1 ? whole.length : end));
}

/** Bytes of a body, and what became of them. */
interface Piece {
  readonly before: Buffer;
  readonly after: Buffer;
}

/** Nothing is too large here: what is recorded is bounded by the recorder. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

function redactedPieces(chunks: readonly Buffer[], options: BodyRedactionOptions): readonly Piece[] {
  const { policy, profile, engine } = options;
  const limits = { ...policy.limits, bodyBytes: NO_LIMIT, eventBytes: NO_LIMIT, findings: NO_LIMIT };
  const frames = readFrames(chunks, { ...options, limits });
  const inspection = createInspection({
    ...options,
    profile: { ...profile, engine: () => engine },
    mode: 'enforce',
    failMode: { ...policy.failMode, onLimit: 'allow', onUninspectable: 'allow', onOpaque: 'allow' },
    limits,
    facts: emptyFacts(),
    findings: [],
    apart: true,
  });
  for (const chunk of chunks) inspection.push(chunk);
  inspection.end();
  const released = inspection.take();
  const isComplete = released.length === frames.length && ![...inspection.uninspected].some((reason) => NOT_SCANNED.has(reason));
  if (!isComplete) return chunks.map((before) => ({ before, after: fill(before) }));
  const pieces = frames.map((frame, i) => ({ before: frame.bytes, after: isUnread(frame) ? fill(frame.bytes) : released[i]! }));
  if (!inspection.uninspected.has('object-key')) return pieces;
  return [
    redactedAsText(
      pieces.map((piece, i) => (frames[i]!.carriers === undefined ? piece : filled(piece))),
      engine,
    ),
  ];
}

/** Reasons that leave readable text unscanned. */
const NOT_SCANNED: ReadonlySet<UninspectableReason> = new Set(['lane-limit', 'finding-limit', 'view-limit', 'internal-error']);

function readFrames(chunks: readonly Buffer[], options: Omit<Parameters<typeof createBodyReader>[0], 'facts'>): readonly Frame[] {
  const reader = createBodyReader({ ...options, facts: emptyFacts() });
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
}

const isUnread = ({ segments, uninspectable }: Frame): boolean => segments.length === 0 && uninspectable !== undefined;

/** What nobody reads: never the beginning of JSON. */
const fill = (bytes: Buffer): Buffer => Buffer.alloc(bytes.length, 'x');

/** A name that has to go, in bytes that are not the text they carry (UTF-16, base64, percent-encoding): nothing of them is kept. */
const filled = ({ before }: Piece): Piece => ({ before, after: fill(before) });

/** An object key is not rewritten by the splice: the whole body is read once more, as the text it is written in. */
function redactedAsText(pieces: readonly Piece[], engine: Engine): Piece {
  const text = Buffer.concat(pieces.map(({ after }) => after)).toString('utf8');
  return { before: Buffer.concat(pieces.map(({ before }) => before)), after: Buffer.from(redactText(text, engine)) };
}

/** A text with what the engine finds replaced. */
export function redactText(text: string, engine: Engine): string {
  if (engine.isQuiet(text)) return text;
  const scan = engine.open({ stopAtDenial: false });
  scan.push(text);
  scan.end();
  return renderText(text, scan.edits);
}

/** Sorted byte offsets in the body, moved to where they are in the redacted one. */
function moveBorders(borders: readonly number[], pieces: readonly Piece[]): readonly number[] {
  let index = 0;
  let before = 0;
  let after = 0;
  return borders.map((border) => {
    while (index < pieces.length && border >= before + pieces[index]!.before.length) {
      before += pieces[index]!.before.length;
      after += pieces[index]!.after.length;
      index++;
    }
    const piece = pieces[index];
    return piece === undefined ? after : after + movedWithin(border - before, piece);
  });
}

function movedWithin(offset: number, { before, after }: Piece): number {
  const shared = Math.min(before.length, after.length);
  let prefix = 0;
  while (prefix < shared && before[prefix] === after[prefix]) prefix++;
  if (offset <= prefix) return offset;
  let suffix = 0;
  while (suffix < shared - prefix && before[before.length - 1 - suffix] === after[after.length - 1 - suffix]) suffix++;
  return after.length - Math.min(suffix, before.length - offset);
}
