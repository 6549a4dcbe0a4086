import { createReadStream, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError, EXIT } from '../lib/errors.ts';
import type { Policy } from '../policy/policy.ts';
import { type BodyChange, compareOutcomes, type Differences, type Ending, type FindingRow, isEqual } from '../replay/diff.ts';
import { createPlaceholders } from '../replay/placeholders.ts';
import { type Recording, readRecordings } from '../replay/recording.ts';
import { catalogueEngine } from '../replay/redaction.ts';
import { replayEvents } from '../replay/replay.ts';
import { linesOf } from './lines.ts';
import { loadPolicy } from './policy.ts';
import { printable } from './printable.ts';
import { paintFor, say } from './terminal.ts';

interface ReplayFlags {
  readonly policy?: string;
  readonly mode?: Policy['mode'];
  readonly json?: boolean;
  readonly showText?: boolean;
}

/**
 * `sluice replay FILE...`: feeds recorded exchanges through the filter again and says which of them a policy, or this version, treats
 * otherwise. Resolves to the exit code: 0 all equal, 1 some different, 2 some unreadable.
 */
export async function replay(names: readonly string[], flags: ReplayFlags): Promise<number> {
  const { policy } = loadPolicy(flags.policy, flags.mode);
  const placeholders = createPlaceholders(catalogueEngine());
  const print = flags.json === true ? printJson : printText(flags.showText === true);
  const counts = { equal: 0, different: 0, unreadable: 0 };
  for (const file of names.flatMap(recordingsIn)) {
    for await (const recording of recordingsOf(file)) {
      const replayed = replayOne(recording, { policy, placeholders });
      counts[replayed.result]++;
      print({ file, recording, policy, ...replayed });
    }
  }
  say(`${counts.equal} equal, ${counts.different} different, ${counts.unreadable} unreadable`);
  if (counts.unreadable > 0) return EXIT.usage;
  return counts.different > 0 ? EXIT.findings : EXIT.ok;
}

/** A file, `-`, or the recordings of a folder in the order of their time. */
function recordingsIn(name: string): readonly string[] {
  if (name === '-' || !isFolder(name)) return [name];
  const files = readdirSync(name).filter((one) => one.endsWith('.jsonl'));
  if (files.length === 0) throw new AppError('file-unreadable', `${name}: the folder has no recordings (*.jsonl)`);
  return files.toSorted().map((one) => path.join(name, one));
}

function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

const unreadable = (name: string, cause: unknown): AppError =>
  new AppError('file-unreadable', `${name}: the recording cannot be read`, { cause });

async function* recordingsOf(file: string): AsyncGenerator<Recording> {
  let any = false;
  try {
    for await (const recording of readRecordings(linesOf(file === '-' ? process.stdin : createReadStream(file)))) {
      any = true;
      yield recording;
    }
  } catch (cause) {
    throw cause instanceof Error && 'syscall' in cause ? unreadable(file, cause) : cause;
  }
  if (!any) yield { header: undefined, steps: [], broken: { line: 1, reason: 'there is no recording in it' } };
}

type Result = 'equal' | 'different' | 'unreadable';

interface Replayed {
  readonly result: Result;
  readonly differences: Differences;
  /** Undefined for raw recordings, and where redaction changed nothing about how it ended. */
  readonly liveEnding: { readonly verdict: string; readonly outcome: string } | undefined;
}

interface Report extends Replayed {
  readonly file: string;
  readonly recording: Recording;
  readonly policy: Policy;
}

function replayOne({ header, steps, broken }: Recording, { policy, placeholders }: ReplaySetup): Replayed {
  const events = steps.map(({ event }) => event);
  const replayed =
    header === undefined ? [] : replayEvents(events, header, { policy, placeholders: header.redacted ? placeholders : undefined });
  const differences = compareOutcomes(steps, replayed);
  const result = broken !== undefined ? 'unreadable' : isEqual(differences) ? 'equal' : 'different';
  return { result, differences, liveEnding: changedByRedaction(header, steps) };
}

interface ReplaySetup {
  readonly policy: Policy;
  readonly placeholders: ReturnType<typeof createPlaceholders>;
}

function changedByRedaction(header: Recording['header'], steps: Recording['steps']): Replayed['liveEnding'] {
  const { live } = header ?? {};
  if (live === undefined) return undefined;
  const last = steps.at(-1)?.outcome;
  const effect = last === undefined || 'threw' in last ? undefined : last.effects.find(({ kind }) => kind === 'record');
  const record = effect?.kind === 'record' ? effect.record : undefined;
  return record?.verdict === live.verdict && record.outcome === live.outcome ? undefined : live;
}

function printJson({ file, recording, policy, result, differences, liveEnding }: Report): void {
  const { header, broken } = recording;
  const { bodies, ...others } = differences;
  const row = {
    schema: 1,
    file,
    exchange: header?.exchangeId,
    result,
    broken,
    recorded: header && { sluice: header.sluice, policy: header.policy, redacted: header.redacted, live: liveEnding },
    policy: { version: policy.version, mode: policy.mode },
    differences:
      result === 'equal'
        ? undefined
        : {
            ...others,
            bodies: bodies.map(({ direction, firstByte, recorded, replayed }) => ({
              direction,
              firstByte,
              recordedBytes: recorded.length,
              replayedBytes: replayed.length,
            })),
          },
  };
  process.stdout.write(`${JSON.stringify(row)}\n`);
}

const STYLES = { equal: 'green', different: 'yellow', unreadable: 'red' } as const satisfies Record<Result, string>;

const printText = (showText: boolean) => (report: Report) => {
  const { file, recording, result, differences, liveEnding } = report;
  const { header, broken } = recording;
  const paint = paintFor(process.stdout);
  const lines = [
    `${paint(STYLES[result], result)} ${printable(header?.exchangeId ?? '?')} ${file}`,
    ...(broken === undefined ? [] : [`  line ${broken.line}  ${broken.reason}; the rest of this exchange was not compared`]),
    ...(liveEnding === undefined
      ? []
      : [`  note      redaction changed it: live it was ${printable(`${liveEnding.outcome}, ${liveEnding.verdict}`)}`]),
    ...(isEqual(differences) ? [] : differenceLines(differences, showText)),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
};

function differenceLines({ ending, findings, bodies, record, steps }: Differences, showText: boolean): readonly string[] {
  return [
    ...(ending === undefined ? [] : [`  ending    ${endingText(ending.recorded)} → ${endingText(ending.replayed)}`]),
    ...findings.gone.map((row) => `  - ${findingText(row)}`),
    ...findings.added.map((row) => `  + ${findingText(row)}`),
    ...bodies.flatMap((body) => [bodyText(body), ...(showText ? textLines(body) : [])]),
    ...(record.length === 0 ? [] : [`  record    ${record.map(printable).join(', ')}`]),
    `  effects   of ${steps!.count} ${steps!.count === 1 ? 'event' : 'events'} differ, the first at event ${steps!.first + 1}`,
  ];
}

const endingText = ({ outcome, status, verdict }: Ending): string =>
  printable([outcome, status, verdict].filter((part) => part !== undefined).join(' '));

const findingText = ({ detector, direction, lane, start, end, action, taken }: FindingRow): string =>
  printable(`${detector} ${direction} ${lane} ${start}-${end} ${action}${taken === action ? '' : ` (${taken})`}`);

const bodyText = ({ direction, recorded, replayed, firstByte }: BodyChange): string =>
  `  ${direction.padEnd(8)}  ${recorded.length} → ${replayed.length} bytes, the first difference at byte ${firstByte}`;

/** Lines that differ, without those before and after that do not. */
function textLines({ recorded, replayed }: BodyChange): readonly string[] {
  const before = recorded.toString('utf8').split('\n');
  const after = replayed.toString('utf8').split('\n');
  const shared = Math.min(before.length, after.length);
  let head = 0;
  while (head < shared && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shared - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return [
    `    @@ line ${head + 1} @@`,
    ...before.slice(head, before.length - tail).map((line) => `    - ${printable(line)}`),
    ...after.slice(head, after.length - tail).map((line) => `    + ${printable(line)}`),
  ];
}
