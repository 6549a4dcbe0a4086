import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLedger } from '../src/inventory/ledger.ts';
import { decodeProtobuf } from '../src/inventory/otlp-protobuf.ts';
import type { Store } from '../src/inventory/store.ts';
import { openPostgresStore } from '../src/inventory/stores/postgres.ts';
import { openSqliteStore } from '../src/inventory/stores/sqlite.ts';
import { encodeSpans } from '../src/telemetry/otlp-writer.ts';
import type { SpanData } from '../src/telemetry/span.ts';
import { postgresFolder, startPostgres } from '../test/support/postgres.ts';
import { profileHere } from './harness/in-process.ts';
import type { BenchOptions } from './harness/options.ts';
import type { Profile } from './harness/profile.ts';
import type { BenchResult, Row } from './harness/record.ts';
import { rounded, spread } from './harness/statistics.ts';

const BATCHES = 40;
const ROUNDS = 8;
const QUICK_ROUNDS = 2;
const SPANS = 512;
/** Requests on their way at once, as from a few filters or a collector. */
const SENDERS = 8;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Spans per second into each store, beside what decoding them alone takes in the same run. */
export async function inventory({ quick }: Pick<BenchOptions, 'quick'>): Promise<BenchResult> {
  const count = quick ? QUICK_ROUNDS : ROUNDS;
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-bench-'));
  const rows: Row[] = [];
  const profiles: Record<string, Profile> = {};
  try {
    const sqlite = await openSqliteStore(path.join(folder, 'inventory.sqlite'));
    rows.push(await measured('sqlite', { store: sqlite, count }));
    profiles['sqlite, intake'] = await profileIntake(sqlite);
    await sqlite.close();
    const postgresAt = postgresFolder();
    if (postgresAt === undefined) rows.push({ store: 'postgres', note: 'not on this machine' });
    else {
      const server = await startPostgres(postgresAt);
      const postgres = await openPostgresStore({ url: await server.database() });
      rows.push(await measured('postgres', { store: postgres, count }));
      await postgres.close();
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    unit: 'Medians of the rounds after the first; ratio: decoding alone ÷ the whole intake, in the same round',
    facts: { rounds: count - 1, 'spans of a round': BATCHES * SPANS, senders: SENDERS },
    rows,
    profiles,
  };
}

/** Spans of a round, which no other round has. */
function bodiesOf(round: number): readonly Buffer[] {
  return Array.from({ length: BATCHES }, (_, batch) => bodyOf((round * BATCHES + batch) * SPANS));
}

async function measured(name: string, { store, count }: { readonly store: Store; readonly count: number }): Promise<Row> {
  const ledger = createLedger({ store });
  const rounds: { decode: number; intake: number; cpu: number }[] = [];
  for (let round = 0; round < count; round++) {
    process.stderr.write(`\r${name}: round ${round + 1} of ${count}`);
    const bodies = bodiesOf(round);
    const decode = await secondsOf(async () => {
      for (const body of bodies) decodeProtobuf(body);
    });
    const before = process.cpuUsage();
    const intake = await secondsOf(() => sendAll(bodies, ledger.add));
    const { user, system } = process.cpuUsage(before);
    if (round > 0) rounds.push({ decode, intake, cpu: (user + system) / 1e6 });
  }
  process.stderr.write('\n');
  const perSecond = (of: (round: (typeof rounds)[number]) => number) => spread(rounds.map((round) => (BATCHES * SPANS) / of(round)));
  const intake = perSecond((round) => round.intake);
  return {
    store: name,
    'spans/s': Math.round(intake.median),
    iqr: Math.round(intake.iqr),
    'spans a CPU second': Math.round(perSecond(({ cpu }) => cpu).median),
    'decoded/s': Math.round(perSecond(({ decode }) => decode).median),
    ratio: rounded(spread(rounds.map((round) => round.decode / round.intake)).median),
  };
}

/** Of an intake that is not timed. */
async function profileIntake(store: Store): Promise<Profile> {
  const ledger = createLedger({ store });
  let round = ROUNDS;
  return profileHere(async () => {
    await sendAll(bodiesOf(round++), ledger.add);
    return BATCHES * SPANS;
  });
}

async function sendAll(bodies: readonly Buffer[], add: (spans: NonNullable<ReturnType<typeof spansOf>>) => Promise<number>): Promise<void> {
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < bodies.length) {
      const body = bodies[next]!;
      next += 1;
      await add(spansOf(body));
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

function spansOf(body: Buffer) {
  const decoded = decodeProtobuf(body);
  if (!decoded.ok) throw new Error(decoded.error);
  return decoded.spans;
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const bodyOf = (from: number): Buffer =>
  encodeSpans(
    Array.from({ length: SPANS }, (_, index) => spanOf(from + index)),
    { resource: { 'service.name': 'sluice' }, scopeVersion: '1', schemaUrl: '' },
  );

/** An exchange as the filter tells of it: 300 endpoints, 40 callers, one in twenty with a finding. */
function spanOf(index: number): SpanData {
  const route = `/v1/${LETTERS[index % 26]}${LETTERS[(index >> 3) % 12]}/{id}`;
  const startUnixMs = 1_790_000_000_000 + index;
  const finding = {
    'sluice.finding.count': 1,
    'sluice.finding.request.detectors': ['pii.card'],
    'sluice.finding.rows': ['pii.card|pii|high|0.99|user|request|redact|redact|10|16'],
  };
  return {
    traceId: index.toString(16).padStart(32, 'a'),
    spanId: index.toString(16).padStart(16, 'b'),
    parentSpanId: undefined,
    name: 'chat gpt-4o',
    kind: 'server',
    startUnixMs,
    endUnixMs: startUnixMs + (index % 900),
    error: false,
    attributes: {
      'http.request.method': 'POST',
      'url.scheme': 'https',
      'server.address': 'api.bank.example',
      'server.port': 443,
      'url.path': route,
      'http.route': route,
      'http.response.status_code': 200,
      'user_agent.original': 'openai-node/7.57',
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.request.stream': true,
      'gen_ai.response.model': 'gpt-4o-2024-08-06',
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 90,
      'gen_ai.response.finish_reasons': ['stop'],
      'sluice.exchange.id': `exchange-${index}`,
      'sluice.dialect': 'openai-chat',
      'sluice.verdict': 'allow',
      'sluice.outcome': 'completed',
      'sluice.mode': 'enforce',
      'sluice.policy.version': 'p0123456789a',
      'sluice.policy.profile': 'default',
      'sluice.auth.kind': 'bearer',
      'sluice.caller.hash': `a1b2c3d4e5${(index % 40).toString(16).padStart(2, '0')}`,
      'sluice.request.bytes': 512,
      'sluice.response.bytes': 4096,
      ...(index % 20 === 0 ? finding : {}),
    },
  };
}
