import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createInspection } from '../exchange/inspection.ts';
import { inspectText } from '../exchange/text-inspection.ts';
import { AppError, EXIT } from '../lib/errors.ts';
import { verdictOf } from '../policy/decide.ts';
import type { Finding } from '../policy/finding.ts';
import type { Policy, Profile } from '../policy/policy.ts';
import type { Lane } from '../text/lane.ts';
import { formatById, recogniseFormat } from '../wire/formats/index.ts';
import { emptyFacts } from '../wire/frame.ts';
import { linesOf } from './lines.ts';
import { loadPolicy } from './policy.ts';
import { findingRow, readTextRecord, readWireRecord, type TextRecord, type WireRecord } from './scan-records.ts';

interface ScanOptions {
  readonly jsonl?: boolean;
  readonly wire?: boolean;
  readonly pieces?: number;
  readonly policy?: string;
  readonly mode?: Policy['mode'];
  readonly lane: Lane;
}

/** `sluice scan`: the detectors without Envoy, on a text, on text records or on recorded bodies. Resolves to the exit code. */
export async function scan(file: string | undefined, options: ScanOptions): Promise<number> {
  if (options.wire === true && options.jsonl !== true) throw new AppError('usage', '--wire reads records: it needs --jsonl');
  const { policy } = loadPolicy(options.policy, options.mode);
  const nowhere = { routeName: undefined, host: '', path: '' };
  const profile = policy.excepted(policy.route(nowhere).profile, { ...nowhere, agent: undefined, nowMs: Date.now() });
  const judge: Judge = { policy, profile, pieces: options.pieces };
  return options.jsonl === true
    ? scanRecords(inputOf(file), options.wire === true ? wireLine(judge) : textLine(judge))
    : scanText(inputOf(file), judge, options.lane);
}

interface Judge {
  readonly policy: Policy;
  readonly profile: Profile;
  readonly pieces: number | undefined;
}

type Input = AsyncIterable<Buffer>;

/** What a file gives, or standard input; throws `file-unreadable` when it fails. */
async function* inputOf(file: string | undefined): AsyncGenerator<Buffer> {
  try {
    yield* (file === undefined ? process.stdin : createReadStream(file)) as Input;
  } catch (cause) {
    throw new AppError('file-unreadable', `${file ?? 'standard input'}: the input cannot be read`, { cause });
  }
}

/** One finding a line on stdout; exit 1 when there are any. */
async function scanText(input: Input, judge: Judge, lane: Lane): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (!isUtf8(bytes)) process.stderr.write('the input is not UTF-8: only what is was read\n');
  const { findings, verdict } = judgeText({ text: bytes.toString('utf8'), lane }, judge);
  for (const { start, end, detector, severity, action } of findings)
    process.stdout.write(`${start}-${end}\t${detector}\t${severity}\t${action}\n`);
  process.stderr.write(`${verdict}: ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}\n`);
  return findings.length > 0 ? EXIT.findings : EXIT.ok;
}

/** Lines out are gathered up to this size: a write for each would cost more than the scan. */
const WRITE_CHARS = 64 * 1024;

/** One line out for each line in, in order. A line that is no record says so in its place, and the exit code is 2. */
async function scanRecords(input: Input, judgeLine: (line: string) => object): Promise<number> {
  const progress = createProgress();
  let pending = '';
  let number = 0;
  let bad = 0;
  for await (const line of linesOf(input)) {
    number++;
    if (line.trim() === '') continue;
    const result = judgeLine(line);
    if ('error' in result) bad++;
    pending += `${JSON.stringify(result)}\n`;
    progress.show(number);
    if (pending.length >= WRITE_CHARS) {
      await write(pending);
      pending = '';
    }
  }
  await write(pending);
  progress.end(number);
  if (bad > 0) process.stderr.write(`${bad} of ${number} lines are no records; each says why in its place\n`);
  return bad > 0 ? EXIT.usage : EXIT.ok;
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

const textLine = (judge: Judge) => (line: string) => {
  const record = readTextRecord(line);
  if ('error' in record) return record;
  const { verdict, findings, output } = judgeText(record, judge);
  return { id: record.id, verdict, findings: findings.map(findingRow), output: output ?? null };
};

function judgeText({ text, lane }: TextRecord, { policy, profile, pieces }: Judge) {
  const { mode, failMode, limits } = policy;
  return inspectText(text, { lane, profile, mode, failMode, limits, pieceUnits: pieces });
}

const wireLine = (judge: Judge) => (line: string) => {
  const record = readWireRecord(line, (id) => formatById(id) !== undefined);
  return 'error' in record ? record : judgeBody(record, judge);
};

function judgeBody(record: WireRecord, { policy, profile, pieces }: Judge): object {
  const { id, body, contentType, contentEncoding, direction } = record;
  const format =
    (record.dialect === undefined ? undefined : formatById(record.dialect)) ??
    recogniseFormat({ method: 'POST', path: record.path ?? '', host: '', header: () => undefined });
  const findings: Finding[] = [];
  const { mode, failMode, limits } = policy;
  const inspection = createInspection({
    direction,
    format,
    contentType,
    contentEncoding,
    profile,
    mode,
    failMode,
    limits,
    facts: emptyFacts(),
    findings,
  });
  const step = pieces ?? Math.max(1, body.length);
  for (let at = 0; at < body.length; at += step) inspection.push(body.subarray(at, at + step));
  inspection.end();
  const denied = inspection.denial !== undefined;
  const output = denied ? undefined : Buffer.concat(inspection.take());
  return {
    id,
    dialect: format.id,
    lanes: Object.fromEntries(inspection.lanes),
    verdict: denied ? 'deny' : verdictOf(findings, mode),
    findings: findings.map(findingRow),
    identical: output?.equals(body) ?? false,
    outputBase64: output?.toString('base64') ?? null,
    uninspected: [...inspection.uninspected][0] ?? null,
  };
}

interface Progress {
  show(count: number): void;
  end(count: number): void;
}

/** A counter that moves, on a terminal only. */
function createProgress(): Progress {
  const live = process.stderr.isTTY === true && process.stdout.isTTY !== true;
  let shown = 0;
  return {
    show(count) {
      if (!live || count - shown < 5_000) return;
      shown = count;
      process.stderr.write(`\r${count.toLocaleString('en')} records`);
    },
    end(count) {
      if (live) process.stderr.write(`\r${count.toLocaleString('en')} records\n`);
    },
  };
}
