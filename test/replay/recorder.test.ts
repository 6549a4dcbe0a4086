import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Effect, EnvoyEvent } from '../../src/exchange/events.ts';
import type { Exchange } from '../../src/exchange/machine.ts';
import { createRecorder, RECORDER_BOUNDS, type RecorderBounds, type RecordingLoss } from '../../src/replay/recorder.ts';
import { openRecordingFolder } from '../../src/replay/recording-folder.ts';
import { createSeal, type Seal } from '../../src/replay/seal.ts';
import { CHAT_REQUEST, DEFAULT_MODES, driveExchange, NOW } from '../exchange/drive.ts';
import { BALANCED, CONVERSATIONS, recordingText, SECRETS } from './conversations.ts';

const CLEAN = CONVERSATIONS[0]!.events;
/** An exchange of no dialect: what its bodies look like is learned. */
const PLAIN: readonly EnvoyEvent[] = [
  { kind: 'open', modes: DEFAULT_MODES, observability: false, attributes: new Map() },
  { kind: 'request-headers', headers: Object.entries({ ...CHAT_REQUEST, ':path': '/accounts' }), endOfStream: false, unixMs: NOW },
  { kind: 'request-body', bytes: Buffer.from('{"limit":5}'), endOfStream: true, unixMs: NOW },
  {
    kind: 'response-headers',
    headers: [
      [':status', '200'],
      ['content-type', 'application/json'],
    ],
    endOfStream: false,
    unixMs: NOW,
  },
  { kind: 'response-body', bytes: Buffer.from('{"balance":7}'), endOfStream: true, unixMs: NOW },
  { kind: 'ended', unixMs: NOW },
];
const FALLBACK = { request: 'buffered', response: 'buffered' } as const;
const SEAL = createSeal({ sluice: '0.0.0', redacted: false });

let base: string;
let folder: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'sluice-recorder-'));
  folder = path.join(base, 'deep', 'recordings');
});
afterEach(() => rmSync(base, { recursive: true }));

/** The effects of an event with those of its slices. */
function finished(exchange: Exchange, first: readonly Effect[]): readonly Effect[] {
  const effects = [...first];
  while (exchange.isBusy) effects.push(...exchange.goOn());
  return effects;
}

const file = (name: string) => path.join(folder, name);
const mode = (name: string) => (statSync(name).mode & 0o777).toString(8);

describe('the folder', () => {
  const write = async (maxBytes: number, sizes: readonly number[]) => {
    const opened = await openRecordingFolder(folder, maxBytes);
    const written: boolean[] = [];
    for (const [i, size] of sizes.entries()) {
      written.push(await opened.write({ exchangeId: `id-${i}`, startUnixMs: NOW + i, text: 'x'.repeat(size) }));
    }
    return written;
  };

  test('is for its owner alone, and so are its files, named by time and exchange', async () => {
    expect(await write(1e6, [5])).toEqual([true]);
    expect(readdirSync(folder)).toEqual(['20270115T080000.000Z-id-0.jsonl']);
    expect([mode(folder), mode(file('20270115T080000.000Z-id-0.jsonl'))]).toEqual(['700', '600']);
  });

  test('never holds more than it may: the oldest go, and files of others stay', async () => {
    await write(1e6, []);
    writeFileSync(file('notes.txt'), 'mine');
    writeFileSync(file('20260101T000000.000Z-older-run.jsonl'), 'old');
    await write(3 * 4096, [100, 4096]);
    const both = ['20270115T080000.000Z-id-0.jsonl', '20270115T080000.001Z-id-1.jsonl'];
    expect(readdirSync(folder)).toEqual(['20260101T000000.000Z-older-run.jsonl', ...both, 'notes.txt']);
    const opened = await openRecordingFolder(folder, 3 * 4096);
    await opened.write({ exchangeId: 'next', startUnixMs: NOW + 9, text: 'y'.repeat(4097) });
    expect(readdirSync(folder)).toEqual([both[1], '20270115T080000.009Z-next.jsonl', 'notes.txt']);
  });

  test('takes nothing that is larger than itself, and keeps what it has', async () => {
    expect(await write(8192, [100, 8193])).toEqual([true, false]);
    expect(readdirSync(folder)).toEqual(['20270115T080000.000Z-id-0.jsonl']);
  });

  test('that cannot be made is an error of the settings', async () => {
    writeFileSync(path.join(base, 'deep'), '');
    await expect(openRecordingFolder(folder, 1e6)).rejects.toMatchObject({ code: 'settings-invalid' });
  });
});

describe('the recorder', () => {
  async function record(
    exchanges: readonly Exchange[],
    events: readonly EnvoyEvent[],
    {
      bounds = RECORDER_BOUNDS,
      maxBytes = 1e6,
      seal = SEAL,
      spoil = () => {},
    }: { bounds?: RecorderBounds; maxBytes?: number; seal?: Seal; spoil?: () => void } = {},
  ) {
    const losses: RecordingLoss[] = [];
    const recorder = createRecorder({
      folder: await openRecordingFolder(folder, maxBytes),
      seal,
      onLoss: (reason) => losses.push(reason),
      bounds,
    });
    spoil();
    const teed = exchanges.map((exchange, i) =>
      recorder.tee(exchange, { policy: BALANCED, exchangeId: `exchange-${i + 1}`, fallbackModes: FALLBACK }),
    );
    const errors: unknown[] = [];
    const effects = teed.map((exchange) =>
      events.map((event) => {
        try {
          return finished(exchange, exchange.step(event));
        } catch (error) {
          errors.push(error);
          return [];
        }
      }),
    );
    await recorder.close({ deadlineMs: 60_000 });
    return { losses, effects, errors, files: readdirSync(folder) };
  }

  const exchange = (): Exchange => driveExchange(BALANCED) as unknown as Exchange;
  const events = (): readonly EnvoyEvent[] => CLEAN;

  test('writes what an exchange was given and said, and gives its effects on unchanged', async () => {
    const { losses, effects, files } = await record([exchange()], events());
    const direct = driveExchange(BALANCED);
    expect(effects).toEqual([CLEAN.map((event) => direct.step(event))]);
    expect({ losses, files }).toEqual({ losses: [], files: ['20270115T080000.000Z-exchange-1.jsonl'] });
    expect(readFileSync(file(files[0]!), 'utf8')).toBe(recordingText(CLEAN, BALANCED, 'raw'));
  });

  test('writes what a large body led to with the event that brought it, as a replay has it', async () => {
    const content = `${'The branch opens at nine. '.repeat(2000)} ${SECRETS.card}`;
    const large = PLAIN.map((event) =>
      event.kind === 'request-body' || event.kind === 'response-body'
        ? { ...event, bytes: Buffer.from(JSON.stringify({ content })) }
        : event,
    );
    const sliced = driveExchange(BALANCED, { sliced: true }) as unknown as Exchange;
    const { files } = await record([sliced], large);
    expect(readFileSync(file(files[0]!), 'utf8')).toBe(recordingText(large, BALANCED, 'raw'));
  });

  test.each([false, true])('leaves out what was learned of bodies and tools, which telemetry gets (redacted: %s)', async (redacted) => {
    const seal = createSeal({ sluice: '0.0.0', redacted });
    const learning = (learns: boolean) => driveExchange(BALANCED, { learns: () => learns }) as unknown as Exchange;
    const recorded = async (learns: boolean) => {
      const { effects, files } = await record([learning(learns)], PLAIN, { seal });
      const text = readFileSync(file(files[0]!), 'utf8');
      rmSync(folder, { recursive: true });
      return { record: effects[0]!.flat().find((effect) => effect.kind === 'record')?.record, text };
    };
    const [learned, without] = [await recorded(true), await recorded(false)];
    expect(learned.record?.learned).toEqual({
      shapes: { request: [' object', '/limit integer'], response: [' object', '/balance integer'] },
      tools: new Map(),
    });
    expect(learned.text).toBe(without.text);
    expect(learned.text.split('\n').filter((line) => line.includes('learned') || line.includes('/limit integer'))).toEqual([]);
  });

  test('writes an exchange that throws, up to there, and lets it throw', async () => {
    const bug = new Error('a bug');
    const throwing = { ...exchange(), step: () => { throw bug; } }; // biome-ignore format: one line
    const { errors, files } = await record([throwing], events().slice(1, 2));
    expect(errors).toEqual([bug]);
    expect(readFileSync(file(files[0]!), 'utf8').trimEnd().split('\n').slice(2)).toEqual(['{"threw":true}']);
  });

  const size = (bounds: Partial<RecorderBounds>) => ({ bounds: { ...RECORDER_BOUNDS, ...bounds } });
  test.each([
    ['one exchange is too large', size({ exchangeBytes: 2000 }), ['too-large', 'too-large'], 0],
    ['too much waits', size({ pendingBytes: 6000 }), ['behind'], 1],
    ['the folder is smaller than a recording', { maxBytes: 100 }, ['too-large', 'too-large'], 0],
  ] as const)('counts what is lost when %s, and the exchange goes on', async (_, options, losses, files) => {
    const found = await record([exchange(), exchange()], events(), options);
    expect({ losses: found.losses, files: found.files.length }).toEqual({ losses, files });
    expect(found.effects[1]).toEqual(found.effects[0]);
    expect(found.effects[1]!.at(-1)).toMatchObject(
      [{ kind: 'wake' }, { kind: 'answer-headers' }, { kind: 'stream-body' }, { kind: 'record' }].slice(-2),
    );
  });

  test('counts what the disk refuses', async () => {
    const spoil = () => rmSync(folder, { recursive: true });
    const losses: RecordingLoss[] = [];
    const opened = await openRecordingFolder(folder, 1e6);
    const recorder = createRecorder({ folder: opened, seal: SEAL, onLoss: (reason) => losses.push(reason) });
    spoil();
    const teed = recorder.tee(exchange(), { policy: BALANCED, exchangeId: 'e', fallbackModes: FALLBACK });
    for (const event of events()) teed.step(event);
    await recorder.close({ deadlineMs: 60_000 });
    expect(losses).toEqual(['write-failed']);
  });

  test('gives up what waits when the deadline comes', async () => {
    const losses: RecordingLoss[] = [];
    const stuck = Promise.withResolvers<boolean>();
    const recorder = createRecorder({
      folder: { write: () => stuck.promise },
      seal: SEAL,
      onLoss: (reason) => losses.push(reason) > 1 && stuck.resolve(true),
    });
    for (const exchangeId of ['a', 'b', 'c']) {
      const teed = recorder.tee(exchange(), { policy: BALANCED, exchangeId, fallbackModes: FALLBACK });
      for (const event of events()) teed.step(event);
    }
    await recorder.close({ deadlineMs: 50 });
    expect(losses).toEqual(['behind', 'behind']);
  });
});
