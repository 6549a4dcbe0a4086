import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSluice } from '../test/support/processes.ts';
import { residentBytes } from './support.ts';

const STREAMS = 1_000;
const MB = 1024 * 1024;

/**
 * Resident memory of `sluice serve` with the built-in policy: idle, and with a thousand side streams open, each with its response headers
 * and the first event of an answer held.
 */
export async function memory(): Promise<object> {
  const filter = startSluice(['serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0'], { environment: { SLUICE_INVENTORY: '' } });
  try {
    const { listen } = JSON.parse(await filter.line('stderr', (line) => line.includes('"ready"'))) as { listen: string };
    await sleep(2_000);
    const idle = residentBytes(filter.pid);
    const session = connect(`http://${listen}`);
    await openAndClose(session, STREAMS); // code is compiled and pools are filled; what stays is not the streams'
    await sleep(1_000);
    const warm = residentBytes(filter.pid);
    const streams = await openStreams(session, STREAMS);
    const open = residentBytes(filter.pid);
    for (const stream of streams) stream.close();
    session.destroy();
    return {
      unit: 'MB resident',
      rows: [
        { state: 'idle', mb: Math.round(idle / MB) },
        { state: `after ${STREAMS} exchanges`, mb: Math.round(warm / MB) },
        { state: `${STREAMS} open streams`, mb: Math.round(open / MB), more: Math.round((open - warm) / MB) },
      ],
    };
  } finally {
    filter.kill('SIGKILL');
  }
}

async function openAndClose(session: ClientHttp2Session, count: number): Promise<void> {
  const streams = await openStreams(session, count);
  for (const stream of streams) stream.close();
}

/** Streams of which each has got its answers to the request and waits, undecided, in its response. */
async function openStreams(session: ClientHttp2Session, count: number): Promise<ClientHttp2Stream[]> {
  const streams: ClientHttp2Stream[] = [];
  for (let i = 0; i < count; i++) {
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

function field(number: number, value: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = value.length; ; rest >>>= 7) {
    length.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
    if (rest < 0x80) break;
  }
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), value]);
}

function headers(list: Readonly<Record<string, string>>): Buffer {
  return field(
    1,
    Buffer.concat(
      Object.entries(list).map(([name, value]) => field(1, Buffer.concat([field(1, Buffer.from(name)), field(3, Buffer.from(value))]))),
    ),
  );
}

function message(number: number, value: Buffer, extra: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([field(number, value), extra]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

const END_OF_STREAM = Buffer.from([0x10, 1]);
/** protocol_config: BUFFERED request, FULL_DUPLEX_STREAMED response. */
const PROTOCOL = field(11, Buffer.from([0x08, 2, 0x10, 4]));
const EVENT = `data: ${JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'undecided' }, finish_reason: null }] })}\n\n`;

const MESSAGES = [
  message(
    2,
    headers({ ':method': 'POST', ':path': '/v1/chat/completions', ':authority': 'bench.example', 'content-type': 'application/json' }),
    PROTOCOL,
  ),
  message(
    4,
    Buffer.concat([field(1, Buffer.from('{"model":"m","stream":true,"messages":[{"role":"user","content":"hello"}]}')), END_OF_STREAM]),
  ),
  message(3, headers({ ':status': '200', 'content-type': 'text/event-stream' })),
  message(5, field(1, Buffer.from(EVENT))),
];
