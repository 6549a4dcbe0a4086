import { isDeepStrictEqual } from 'node:util';
import type { Effect, ExchangeRecord } from '../exchange/events.ts';
import type { Finding } from '../policy/finding.ts';
import type { Direction } from '../text/lane.ts';
import { type Outcome, outcomeLine } from './codec.ts';
import type { Step } from './replay.ts';

/** Recorded and replayed. */
export interface Change<T> {
  readonly recorded: T;
  readonly replayed: T;
}

/** How an exchange ended for the client. */
export interface Ending {
  /** As in its record; `unfinished` without one, `failed` when it threw. */
  readonly outcome: ExchangeRecord['outcome'] | 'unfinished' | 'failed';
  readonly status: number | undefined;
  readonly verdict: ExchangeRecord['verdict'] | undefined;
}

export type FindingRow = Pick<Finding, 'detector' | 'lane' | 'direction' | 'start' | 'end' | 'action' | 'taken'>;

/** What left in one direction: what the filter let pass and wrote, or the denial. */
export interface BodyChange extends Change<Buffer> {
  readonly direction: Direction;
  /** Offset of the first byte that differs. */
  readonly firstByte: number;
}

/** What a replay did otherwise than the recording says; everything undefined or empty when nothing. */
export interface Differences {
  readonly ending: Change<Ending> | undefined;
  readonly findings: { readonly gone: readonly FindingRow[]; readonly added: readonly FindingRow[] };
  readonly bodies: readonly BodyChange[];
  /** Names of other fields of the record that changed. */
  readonly record: readonly string[];
  /** Index of the first event that had other effects, and how many had. */
  readonly steps: { readonly first: number; readonly count: number } | undefined;
}

/** Compares what was recorded with what a replay gave for the same events. The policy's version is no difference; what it does is. */
export function compareOutcomes(recorded: readonly Step[], replayed: readonly Outcome[]): Differences {
  const before = recorded;
  const after = recorded.map(({ event }, i): Step => ({ event, outcome: replayed[i] ?? { effects: [] } }));
  const changed = before.flatMap(({ outcome }, i) => (isSame(outcome, after[i]!.outcome) ? [] : [i]));
  return {
    ending: changeOf(endingOf(before), endingOf(after)),
    findings: compareFindings(findingsOf(before), findingsOf(after)),
    bodies: (['request', 'response'] as const).flatMap((direction) => compareBodies(direction, before, after)),
    record: compareRecords(recordIn(before), recordIn(after)),
    steps: changed.length === 0 ? undefined : { first: changed[0]!, count: changed.length },
  };
}

export function isEqual({ steps }: Differences): boolean {
  return steps === undefined;
}

function changeOf<T>(recorded: T, replayed: T): Change<T> | undefined {
  return isDeepStrictEqual(recorded, replayed) ? undefined : { recorded, replayed };
}

function isSame(a: Outcome, b: Outcome): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}

/** As it stands in a file: without what is undefined; with what no peer can tell apart made one. */
function plain(outcome: Outcome): unknown {
  const same = 'threw' in outcome ? outcome : { effects: outcome.effects.map(withoutAccidents) };
  return JSON.parse(outcomeLine(same));
}

function withoutAccidents(effect: Effect): Effect {
  if (effect.kind === 'stream-body') return { ...effect, parts: [Buffer.concat(effect.parts)] };
  return effect.kind === 'record' ? { ...effect, record: { ...effect.record, policyVersion: '' } } : effect;
}

function effectsOf(steps: readonly Step[]): readonly Effect[] {
  return steps.flatMap(({ outcome }) => ('threw' in outcome ? [] : outcome.effects));
}

function recordIn(steps: readonly Step[]): ExchangeRecord | undefined {
  const effect = effectsOf(steps).find(({ kind }) => kind === 'record');
  return effect?.kind === 'record' ? effect.record : undefined;
}

function endingOf(steps: readonly Step[]): Ending {
  const record = recordIn(steps);
  const threw = steps.some(({ outcome }) => 'threw' in outcome);
  return {
    outcome: threw ? 'failed' : (record?.outcome ?? 'unfinished'),
    status: record?.status,
    verdict: record?.verdict,
  };
}

function findingsOf(steps: readonly Step[]): readonly FindingRow[] {
  return (recordIn(steps)?.findings ?? []).map(({ detector, lane, direction, start, end, action, taken }) => ({
    detector,
    lane,
    direction,
    start,
    end,
    action,
    taken,
  }));
}

function compareFindings(before: readonly FindingRow[], after: readonly FindingRow[]): Differences['findings'] {
  return { gone: without(before, after), added: without(after, before) };
}

/** Rows of one list that the other has not, counting those that are there more than once. */
function without(rows: readonly FindingRow[], others: readonly FindingRow[]): readonly FindingRow[] {
  const left = Map.groupBy(others, keyOf);
  return rows.filter((row) => left.get(keyOf(row))?.pop() === undefined);
}

const keyOf = (row: FindingRow): string => Object.values(row).join(' ');

function compareBodies(direction: Direction, before: readonly Step[], after: readonly Step[]): readonly BodyChange[] {
  const recorded = bodyOf(direction, before);
  const replayed = bodyOf(direction, after);
  if (recorded.equals(replayed)) return [];
  const shared = Math.min(recorded.length, replayed.length);
  let firstByte = 0;
  while (firstByte < shared && recorded[firstByte] === replayed[firstByte]) firstByte++;
  return [{ direction, recorded, replayed, firstByte }];
}

function bodyOf(direction: Direction, steps: readonly Step[]): Buffer {
  return Buffer.concat(
    steps.flatMap(({ event, outcome }) =>
      'threw' in outcome ? [] : outcome.effects.flatMap((effect) => bytesOf(direction, effect, 'bytes' in event ? event.bytes : NO_BYTES)),
    ),
  );
}

const NO_BYTES = Buffer.alloc(0);

/** What an effect sends in a direction. `passed`: the piece that an answer without a replacement lets through. */
function bytesOf(direction: Direction, effect: Effect, passed: Buffer): readonly Buffer[] {
  if (effect.kind === 'deny') return direction === 'response' ? [Buffer.from(effect.body)] : [];
  if (!('direction' in effect) || effect.direction !== direction) return [];
  if (effect.kind === 'answer-body') return [effect.replace ?? passed];
  return effect.kind === 'stream-body' ? effect.parts : [];
}

/** Told by other parts of a comparison, or no difference. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(['policyVersion', 'outcome', 'status', 'verdict', 'findings']);

function compareRecords(before: ExchangeRecord | undefined, after: ExchangeRecord | undefined): readonly string[] {
  if (before === undefined || after === undefined) return [];
  const recorded = new Map<string, unknown>(Object.entries(before));
  const replayed = new Map<string, unknown>(Object.entries(after));
  return [...new Set([...recorded.keys(), ...replayed.keys()])]
    .filter((name) => !TOLD_ELSEWHERE.has(name))
    .filter((name) => JSON.stringify(recorded.get(name)) !== JSON.stringify(replayed.get(name)))
    .toSorted();
}
