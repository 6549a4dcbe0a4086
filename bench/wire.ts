import { DEFAULT_LIMITS } from '../src/lib/limits.ts';
import type { Direction } from '../src/text/lane.ts';
import { createBodyReader } from '../src/wire/body-reader.ts';
import { openaiChat } from '../src/wire/formats/openai-chat.ts';
import { emptyFacts } from '../src/wire/frame.ts';
import type { BenchResult } from './harness/record.ts';
import { spread } from './harness/statistics.ts';

const PROSE =
  'The branch on Main Street opens at nine and closes at five, except on Fridays, when it stays open until seven. ' +
  'Fees changed in 2024; a transfer abroad costs 4.50 EUR now, and "most customers" never pay more than 12 EUR a year.\n';

const BLOCKS = 31;
const BLOCK_MS = 60;
const PIECE_BYTES = 16 * 1024;
const BODY_BYTES = 220 * 1024;
const DELTA_UNITS = 40;

/** One kind of body: what our reader does with it against what the platform's parser needs for the same bytes. */
interface Arm {
  readonly name: string;
  readonly bytes: number;
  /** Reads it once; gives how many units of text came out, so that the work cannot be left out. */
  readonly ours: () => number;
  readonly platform: () => number;
  readonly samples: { readonly ours: number[]; readonly platform: number[] };
}

/**
 * Decoding and lane extraction, in MB/s of the bytes on the wire, beside `JSON.parse(buffer.toString())` of the same JSON. The two take
 * turns in short blocks; the ratio is the median of the blocks' ratios, so that a noisy machine hits both.
 */
export async function wire(): Promise<BenchResult> {
  const arms = [chatBody(), sseAnswer()];
  for (let block = -5; block < BLOCKS; block++) {
    process.stderr.write(`\rblock ${Math.max(0, block + 1)} of ${BLOCKS}`);
    for (const arm of arms) measure(arm, block >= 0);
  }
  process.stderr.write('\n');
  return {
    unit: 'MB/s of the bytes on the wire; ratio to JSON.parse(buffer.toString()) of the same JSON',
    facts: { blocks: BLOCKS },
    rows: arms.map(({ name, bytes, samples }) => {
      const ratio = spread(samples.ours.map((speed, i) => speed / samples.platform[i]!));
      return {
        body: name,
        bytes,
        'MB/s': Math.round(spread(samples.ours).median),
        iqr: Math.round(spread(samples.ours).iqr),
        'JSON.parse MB/s': Math.round(spread(samples.platform).median),
        ratio: Number(ratio.median.toFixed(2)),
        'ratio iqr': Number(ratio.iqr.toFixed(2)),
      };
    }),
  };
}

function measure({ bytes, ours, platform, samples }: Arm, counts: boolean): void {
  const speeds = [speed(ours, bytes), speed(platform, bytes)];
  if (!counts) return;
  samples.ours.push(speeds[0]!);
  samples.platform.push(speeds[1]!);
}

/** MB/s over about `BLOCK_MS`. */
function speed(run: () => number, bytes: number): number {
  const started = performance.now();
  let runs = 0;
  let units = 0;
  do {
    units += run();
    runs++;
  } while (performance.now() - started < BLOCK_MS);
  if (units === 0) throw new Error('nothing was read');
  return (runs * bytes) / (performance.now() - started) / 1000;
}

const arm = (name: string, bytes: number, ours: () => number, platform: () => number): Arm => ({
  name,
  bytes,
  ours,
  platform,
  samples: { ours: [], platform: [] },
});

/** A long conversation: messages of 200 to 1,800 characters, a few with line breaks and quotes. */
function chatBody(): Arm {
  const messages: { role: string; content: string }[] = [{ role: 'system', content: PROSE }];
  for (let size = 0; size < BODY_BYTES; size += messages.at(-1)!.content.length + 34) {
    const content = PROSE.repeat(1 + (messages.length % 8)).slice(messages.length % 40);
    messages.push({ role: messages.length % 2 === 0 ? 'assistant' : 'user', content });
  }
  const body = Buffer.from(JSON.stringify({ model: 'gpt-5-mini', messages, temperature: 0.2, stream: true }));
  return arm(
    'chat JSON, 220 KB',
    body.length,
    () => read([body], { direction: 'request', contentType: 'application/json' }),
    () => (JSON.parse(body.toString()) as { messages: unknown[] }).messages.length,
  );
}

/** A streamed answer in deltas of 40 bytes, in pieces as they come from a socket. */
function sseAnswer(): Arm {
  const text = PROSE.repeat(60);
  const payloads = Array.from({ length: Math.floor(text.length / DELTA_UNITS) }, (_, i) => {
    const delta = { content: text.slice(i * DELTA_UNITS, (i + 1) * DELTA_UNITS) };
    const choices = [{ index: 0, delta, logprobs: null, finish_reason: null }];
    return Buffer.from(
      JSON.stringify({ id: 'chatcmpl-9f2', object: 'chat.completion.chunk', created: 1_763_700_000, model: 'gpt-5-mini', choices }),
    );
  });
  const body = Buffer.concat(payloads.flatMap((payload) => [Buffer.from('data: '), payload, Buffer.from('\n\n')]));
  const pieces = Array.from({ length: Math.ceil(body.length / PIECE_BYTES) }, (_, i) =>
    body.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES),
  );
  return arm(
    'SSE, deltas of 40 bytes',
    body.length,
    () => read(pieces, { direction: 'response', contentType: 'text/event-stream' }),
    () => payloads.reduce((sum, payload) => sum + (JSON.parse(payload.toString()) as { choices: unknown[] }).choices.length, 0),
  );
}

function read(pieces: readonly Buffer[], how: { readonly direction: Direction; readonly contentType: string }): number {
  const reader = createBodyReader({ ...how, format: openaiChat, contentEncoding: undefined, limits: DEFAULT_LIMITS, facts: emptyFacts() });
  let units = 0;
  const count = (frames: ReturnType<typeof reader.push>): void => {
    for (const { segments } of frames) for (const { text } of segments) units += text.length;
  };
  for (const piece of pieces) count(reader.push(piece));
  count(reader.end());
  return units;
}
