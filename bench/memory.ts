import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes } from '../test/support/processes.ts';
import { createRandom } from '../test/support/random.ts';
import { openFloor } from './harness/arms.ts';
import type { BenchOptions } from './harness/options.ts';
import type { BenchResult, Row } from './harness/record.ts';
import { poissonSchedule } from './harness/schedule.ts';
import { rounded, spread } from './harness/statistics.ts';
import { WORKLOADS } from './harness/workloads.ts';
import { FULL_POLICY } from './hop.ts';
import { MESSAGES } from './side-stream.ts';

const STREAMS = 1_000;
const MB = 1024 * 1024;
const CONNECTIONS = 32;
const CALIBRATE_MS = 5_000;
const PIECE_MS = 5_000;
const QUICK_MINUTES = 0.5;
/** Share of the load at its beginning and at its end whose medians are compared. */
const EDGE = 5;

/**
 * Resident memory of `sluice serve` with everything on: idle, with a thousand side streams open, each with its response headers and the first
 * event of an answer held, and over minutes of half the load that it can take.
 */
export async function memory({ quick, minutes: asked }: Pick<BenchOptions, 'quick' | 'minutes'>): Promise<BenchResult> {
  const minutes = quick ? QUICK_MINUTES : asked;
  const random = createRandom();
  const floor = await openFloor();
  try {
    const arm = await floor.sluice({ name: 'Sluice, enforce', policy: FULL_POLICY, telemetry: 'all', enforces: true });
    const { pid, port } = arm.filter!;
    await sleep(2_000);
    const idle = residentBytes(pid);
    const plain = await floor.sluice({ name: 'plain', policy: undefined, telemetry: 'inventory', enforces: true });
    await sleep(2_000);
    const idlePlain = residentBytes(plain.filter!.pid);
    const session = connect(`http://127.0.0.1:${port}`);
    await openAndClose(session, STREAMS); // code is compiled and pools are filled; what stays is not the streams'
    await sleep(1_000);
    const warm = residentBytes(pid);
    const streams = await openStreams(session, STREAMS);
    const open = residentBytes(pid);
    for (const stream of streams) stream.close();
    session.destroy();

    const load = arm.connect(CONNECTIONS);
    const workload = WORKLOADS.conversation(random);
    const { answered, seconds } = await load.closed(workload, CALIBRATE_MS);
    const perSecond = answered / seconds / 2;
    const pieces = Math.ceil((minutes * 60_000) / PIECE_MS);
    const samples: number[] = [];
    let failed = 0;
    for (let piece = 0; piece < pieces; piece++) {
      process.stderr.write(`\r${Math.round((piece * PIECE_MS) / 1000)} of ${minutes * 60} s`);
      failed += (await load.open(workload, poissonSchedule({ random, perSecond, durationMs: PIECE_MS }))).failed;
      samples.push(residentBytes(pid) / MB);
    }
    process.stderr.write('\n');
    const edge = Math.max(1, Math.floor(pieces / EDGE));
    const [first, last] = [spread(samples.slice(0, edge)).median, spread(samples.slice(-edge)).median];
    const perStreamKB = (open - warm) / STREAMS / 1024;
    const row = (state: string, mb: number): Row => ({ state, MB: rounded(mb, 1) });
    return {
      unit: 'MB resident',
      facts: { seed: random.seed, minutes, 'requests a second': Math.round(perSecond), 'samples under load': pieces },
      rows: [
        row('idle, built-in policy, spans to an inventory alone', idlePlain / MB),
        row('idle', idle / MB),
        row(`after ${STREAMS} exchanges`, warm / MB),
        row(`${STREAMS} open streams`, open / MB),
        row('half load, the first fifth', first),
        row('half load, the last fifth', last),
        row('half load, the most', Math.max(...samples)),
      ],
      figures: [
        { what: 'MB resident, idle', value: idle / MB, goal: { most: 120 } },
        { what: 'KB resident of an open stream', value: perStreamKB, goal: { most: 16 } },
        { what: 'resident memory at the end of the load ÷ at its beginning', value: last / first, goal: { most: 1.05 } },
        { what: 'answers other than 200', value: failed, goal: { most: 0 } },
      ],
      non200s: failed,
    };
  } finally {
    await floor.stop();
  }
}

async function openAndClose(session: ClientHttp2Session, count: number): Promise<void> {
  const streams = await openStreams(session, count);
  for (const stream of streams) stream.close();
}

/** Streams of which each has got its answers to the request and waits, undecided, in its response. */
async function openStreams(session: ClientHttp2Session, count: number): Promise<ClientHttp2Stream[]> {
  const streams: ClientHttp2Stream[] = [];
  for (let at = 0; at < count; at++) {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/envoy.service.ext_proc.v3.ExternalProcessor/Process',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('error', () => stream.destroy());
    stream.resume();
    for (const message of MESSAGES) stream.write(message);
    streams.push(stream);
  }
  await sleep(3_000);
  return streams;
}
