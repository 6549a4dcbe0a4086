import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXPORT } from '../../src/lib/limits.ts';
import { startTelemetry, type Telemetry, type TelemetryOptions } from '../../src/telemetry/telemetry.ts';
import { type FlakyInventory, type Mood, startFlakyInventory } from '../support/flaky-inventory.ts';
import { fullDisk } from '../support/full-disk.ts';
import { type StartedProcess, startProcess } from '../support/processes.ts';
import { exchangeRecord } from './records.ts';

let folder = '';
let cleanUps: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-spool-'));
  cleanUps = [() => rm(folder, { recursive: true })];
});
afterEach(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp();
});

const LONG_WAIT = { timeout: 20_000, interval: 50 };

async function inventoryThat(mood: Mood, token?: string): Promise<FlakyInventory> {
  const inventory = await startFlakyInventory(mood, token);
  cleanUps.push(() => inventory.stop());
  return inventory;
}

function telemetryTo(url: string, options: Partial<TelemetryOptions> = {}): Telemetry {
  const started = startTelemetry({
    env: {},
    inventoryUrl: url,
    spool: { folder, bytesMax: EXPORT.spoolBytes },
    serviceVersion: '0.0.0',
    installationKey: undefined,
    ...options,
  });
  cleanUps.push(() => started.shutdown());
  return started;
}

function make(telemetry: Telemetry, count: number): void {
  for (let index = 0; index < count; index += 1) telemetry.record(exchangeRecord({ traceparent: undefined }));
}

/** Files under the spool, relative to it. */
async function files(): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

/** Makes `count`, sees them safe, then ends, so that they lie in the spool as an earlier process left them. */
async function leaveBehind(url: string, count: number): Promise<void> {
  const telemetry = telemetryTo(url);
  make(telemetry, count);
  await expect.poll(() => telemetry.inMemory(), LONG_WAIT).toBe(0);
  await telemetry.shutdown();
}

/** Lets no file reach the disk until it is released. */
async function heldDisk(): Promise<{ release(): void }> {
  const disk = Promise.withResolvers<void>();
  const handle = await open(path.join(folder, 'held'), 'w');
  const datasync = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'datasync').mockReturnValue(disk.promise);
  await handle.close();
  await rm(path.join(folder, 'held'));
  cleanUps.push(async () => {
    disk.resolve();
    datasync.mockRestore();
  });
  return { release: disk.resolve };
}

describe('an inventory that has trouble gets every exchange once', () => {
  const MOODS = ['down', 'slow', 429, 503] as const satisfies readonly Mood[];
  it('four kinds of trouble are tried', () => expect(MOODS).toHaveLength(4));

  it.each(MOODS)('%s, then up', async (mood) => {
    const inventory = await inventoryThat(mood);
    const telemetry = telemetryTo(inventory.url);
    make(telemetry, 1000);
    await expect.poll(() => inventory.requests(), LONG_WAIT).toBeGreaterThan(1);
    make(telemetry, 1000);
    await expect.poll(() => telemetry.inMemory(), LONG_WAIT).toBe(0);
    inventory.mood = 'up';
    make(telemetry, 1000);
    await expect.poll(() => inventory.counted(), LONG_WAIT).toBe(3000);
    await telemetry.shutdown();
    expect([await inventory.counted(), telemetry.lost, await readdir(folder)]).toEqual([3000, { queue: 0, inventory: 0, backend: 0 }, []]);
  });

  it('what it refuses for good is counted and not kept', async () => {
    const inventory = await inventoryThat('down');
    await leaveBehind(inventory.url, 600);
    inventory.mood = 400;
    const telemetry = telemetryTo(inventory.url);
    await expect.poll(() => telemetry.lost.inventory, LONG_WAIT).toBe(600);
    await telemetry.shutdown();
    expect([await inventory.counted(), await files()]).toEqual([0, []]);
  });
});

describe('an inventory that asks for a token', () => {
  const TOKEN = 'a-token-of-the-test';

  it('gets what is new and what lay in the spool, with it', async () => {
    const inventory = await inventoryThat('down', TOKEN);
    await leaveBehind(inventory.url, 600);
    inventory.mood = 'up';
    const telemetry = telemetryTo(inventory.url, { inventoryToken: TOKEN });
    make(telemetry, 400);
    await expect.poll(() => inventory.counted(), LONG_WAIT).toBe(1000);
    await telemetry.shutdown();
    expect([telemetry.lost.inventory, await files()]).toEqual([0, []]);
  });

  it('refuses one who has another one, which is counted', async () => {
    const inventory = await inventoryThat('up', TOKEN);
    const telemetry = telemetryTo(inventory.url, { inventoryToken: `${TOKEN}-of-yesterday` });
    make(telemetry, 10);
    await expect.poll(() => telemetry.lost.inventory, LONG_WAIT).toBe(10);
    expect(await inventory.counted()).toBe(0);
  });
});

describe('the spool', () => {
  it('is readable by its owner only', async () => {
    const inventory = await inventoryThat('down');
    await leaveBehind(inventory.url, 1);
    const [file] = await files();
    const modes = await Promise.all([file!, path.dirname(file!)].map(async (name) => ((await stat(name)).mode & 0o777).toString(8)));
    expect(modes).toEqual(['600', '700']);
  });

  it('keeps to its size: what is over it waits in memory, and is counted with its reason at the end', async () => {
    const inventory = await inventoryThat('down');
    const reasons = new Map<string, number>();
    const telemetry = telemetryTo(inventory.url, {
      spool: { folder, bytesMax: 600 * 1024 },
      onLoss: ({ reason, count }) => reasons.set(reason, (reasons.get(reason) ?? 0) + count),
    });
    make(telemetry, 3000);
    await telemetry.shutdown();
    const kept = await files();
    const bytes = (await Promise.all(kept.map(async (name) => (await stat(name)).size))).reduce((sum, size) => sum + size, 0);
    const spans = kept.reduce((sum, name) => sum + Number(/-(\d+)\.otlp$/.exec(name)?.[1]), 0);
    expect(bytes).toBeLessThanOrEqual(600 * 1024);
    expect(spans).toBeGreaterThan(0);
    expect([...reasons]).toEqual([['spool-full', 3000 - spans]]);
  });

  it('is emptied to the end, also of what was still being written when the sender had sent the rest', async () => {
    const inventory = await inventoryThat('down');
    await leaveBehind(inventory.url, 100);
    inventory.mood = 'slow';
    const disk = await heldDisk();
    const telemetry = telemetryTo(inventory.url);
    make(telemetry, 50);
    await expect.poll(async () => (await files()).map((name) => path.extname(name)), LONG_WAIT).toEqual(['.part']);
    disk.release();
    await expect.poll(() => inventory.counted(), LONG_WAIT).toBe(150);
    await telemetry.shutdown();
    expect(await files()).toEqual([]);
  });

  it('a disk that takes nothing is a reason, not an error', async () => {
    const inventory = await inventoryThat('down');
    const blocked = path.join(folder, 'a-file');
    await writeFile(blocked, '');
    const telemetry = telemetryTo(inventory.url, { spool: { folder: path.join(blocked, 'spool'), bytesMax: EXPORT.spoolBytes } });
    make(telemetry, 700);
    await telemetry.shutdown();
    expect(telemetry.lost).toEqual({ queue: 0, inventory: 700, backend: 0 });
  });

  it('a disk that fills up within a segment keeps nothing of it, and is the reason', async () => {
    const inventory = await inventoryThat('down');
    const again = await fullDisk(folder);
    cleanUps.push(async () => again());
    const reasons = new Set<string>();
    const telemetry = telemetryTo(inventory.url, { onLoss: ({ reason }) => reasons.add(reason) });
    make(telemetry, 700);
    await telemetry.shutdown();
    expect([await files(), [...reasons], telemetry.lost.inventory]).toEqual([[], ['spool-failed'], 700]);
  });

  const DAMAGES = [
    ['cut short', (content: Buffer) => content.subarray(0, content.length - 1)],
    ['changed in one bit', (content: Buffer) => Buffer.concat([content.subarray(0, -1), Buffer.from([content.at(-1)! ^ 1])])],
    ['emptied', () => Buffer.alloc(0)],
    ['overwritten', () => Buffer.from('x'.repeat(100))],
  ] as const satisfies readonly (readonly [string, (content: Buffer) => Buffer])[];
  it('four damages are tried', () => expect(DAMAGES).toHaveLength(4));

  it.each(DAMAGES)('a segment that was %s is counted and dropped, the others arrive', async (_damage, spoil) => {
    const inventory = await inventoryThat('down');
    await leaveBehind(inventory.url, 600);
    await leaveBehind(inventory.url, 7);
    const spoilt = (await files()).find((name) => name.endsWith('-7.otlp'))!;
    await writeFile(spoilt, spoil(await readFile(spoilt)));
    inventory.mood = 'up';
    const telemetry = telemetryTo(inventory.url);
    await expect.poll(() => inventory.counted(), LONG_WAIT).toBe(600);
    await expect.poll(() => telemetry.lost.inventory, LONG_WAIT).toBe(7);
    await telemetry.shutdown();
    expect(await files()).toEqual([]);
  });

  it('half a segment of a process that was killed is counted, and files of others are left alone', async () => {
    const inventory = await inventoryThat('up');
    const left = path.join(folder, 'ffffffff-1-00000000');
    await mkdir(left);
    await writeFile(path.join(left, '1790000000000-00000001-5.otlp.part'), 'SLS1');
    await writeFile(path.join(left, 'notes.txt'), 'mine');
    await utimes(left, 1, 1);
    const telemetry = telemetryTo(inventory.url);
    await expect.poll(() => telemetry.lost.inventory, LONG_WAIT).toBe(5);
    expect((await files()).map((name) => path.basename(name))).toEqual(['notes.txt']);
  });

  it('does not take what a living process of another host still keeps', async () => {
    const inventory = await inventoryThat('down');
    await leaveBehind(inventory.url, 3);
    const [file] = await files();
    const theirs = path.join(folder, 'ffffffff-1-00000000');
    await mkdir(theirs);
    await writeFile(path.join(theirs, path.basename(file!)), await readFile(file!));
    await rm(path.dirname(file!), { recursive: true });
    inventory.mood = 'up';
    const telemetry = telemetryTo(inventory.url);
    await telemetry.shutdown();
    expect([await inventory.counted(), (await files()).length]).toEqual([0, 1]);
  });
});

describe('a process that ends in the middle of an outage', () => {
  const producer = path.resolve(import.meta.dirname, '../support/export-producer.ts');
  const start = (inventory: FlakyInventory, count: number, perSecond: number): StartedProcess => {
    const args = [producer, inventory.url, folder, String(count), String(perSecond), '0'];
    const started = startProcess(process.execPath, args);
    cleanUps.push(async () => {
      started.kill('SIGKILL');
      await started.ended;
    });
    return started;
  };
  const said = async (started: StartedProcess, word: string, waitMs?: number): Promise<readonly number[]> =>
    [...(await started.line('stdout', (line) => line.startsWith(word), waitMs)).matchAll(/\d+/g)].map(Number);

  it('loses nothing of what was safe when it is killed', async () => {
    const inventory = await inventoryThat('down');
    const killed = start(inventory, 2000, 2000);
    expect(await said(killed, 'safe')).toEqual([2000]);
    killed.kill('SIGKILL');
    await killed.ended;
    inventory.mood = 'up';
    const next = telemetryTo(inventory.url);
    await expect.poll(() => inventory.counted(), LONG_WAIT).toBe(2000);
    await next.shutdown();
    expect([next.lost.inventory, await inventory.counted(), await readdir(folder)]).toEqual([0, 2000, []]);
  });

  it('loses nothing at all when it is asked to end while it makes more', async () => {
    const inventory = await inventoryThat('down');
    const ended = start(inventory, 100_000, 1000);
    await expect.poll(async () => (await files()).length, LONG_WAIT).toBeGreaterThan(2);
    ended.kill('SIGTERM');
    const [made, lost] = await said(ended, 'made');
    inventory.mood = 'up';
    telemetryTo(inventory.url);
    await expect.poll(() => inventory.counted(), LONG_WAIT).toBe(made);
    expect(lost).toBe(0);
  });

  /** Time for 60,000 exchanges at 200 a second, and some more. */
  const HALF_MS_MAX = 360_000;

  it.runIf(process.env['SLUICE_TEST_LONG'])(
    'ten minutes at 200 a second with a restart in the middle: 120,000 of 120,000, in bounded memory',
    async () => {
      const inventory = await inventoryThat('down');
      const first = start(inventory, 60_000, 200);
      expect(await said(first, 'safe', HALF_MS_MAX)).toEqual([60_000]);
      first.kill('SIGKILL');
      await first.ended;
      const second = start(inventory, 60_000, 200);
      expect(await said(second, 'safe', HALF_MS_MAX)).toEqual([60_000]);
      inventory.mood = 'up';
      await expect.poll(() => inventory.counted(), { timeout: 120_000, interval: 250 }).toBe(120_000);
      second.kill('SIGTERM');
      const [, lost, memory] = await said(second, 'made');
      expect([lost, await inventory.counted()]).toEqual([0, 120_000]);
      expect(memory).toBeLessThan(400 * 1024 ** 2);
    },
    900_000,
  );
});
