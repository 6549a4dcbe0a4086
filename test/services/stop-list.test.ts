import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Stop } from '../../src/agents/stops.ts';
import { AppError } from '../../src/lib/errors.ts';
import { changeStops, mergeStops, readAcks, readStopFile, STOPS_MAX, type StopWatch, watchStops } from '../../src/services/stop-list.ts';

const order = (id: string, over: Partial<Stop> = {}): Stop => ({
  id,
  scope: 'agent',
  name: 'clerk',
  reason: 'drill',
  by: 'tester',
  atUnixMs: 0,
  untilUnixMs: undefined,
  ...over,
});
const idsOf = (stops: readonly Stop[]) => stops.map(({ id }) => id);

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-stops-'));
  file = path.join(folder, 'stops.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a list of stops', () => {
  test('is empty where there is none', () => {
    expect(readStopFile(folder)).toEqual({ ok: true, file: { version: 'none', stops: [], resumed: [] } });
  });

  test('has what was written, and another version with every change', () => {
    const first = changeStops(folder, () => [order('a')]);
    const second = changeStops(folder, (stops) => [...stops]);
    expect(readStopFile(folder)).toEqual({ ok: true, file: second });
    expect([idsOf(second.stops), first.version === second.version]).toEqual([['a'], false]);
  });

  test('forgets orders whose time is over, and remembers which were taken back', () => {
    changeStops(folder, () => [order('a'), order('over', { untilUnixMs: 1 })]);
    expect(idsOf(changeStops(folder, (stops) => stops).stops)).toEqual(['a']);
    expect(changeStops(folder, () => []).resumed.map(({ id }) => id)).toEqual(['a']);
  });

  test('takes over what stands elsewhere, but not what was taken back here', () => {
    changeStops(folder, () => [order('a')]);
    changeStops(folder, () => []);
    expect(idsOf(mergeStops(folder, { stops: [order('a'), order('b')], resumed: [] }).stops)).toEqual(['b']);
  });

  test('is not overwritten when it cannot be read, and does not grow without end', () => {
    expect(() => changeStops(folder, () => Array.from({ length: STOPS_MAX + 1 }, (_, i) => order(String(i))))).toThrow('more than');
    writeFileSync(file, '{');
    expect(() => changeStops(folder, () => [order('a')])).toThrow('is not a list of stops');
  });
});

describe('a process that follows the list', () => {
  let followed: (readonly string[])[];
  let errors: string[];
  let broken: boolean;
  const watches: StopWatch[] = [];
  const follow = (): StopWatch => {
    const started = watchStops({
      folder,
      onChange(stops) {
        if (broken) throw new Error('cannot end what is open');
        followed.push(idsOf(stops));
        return stops.length;
      },
      onError: (message) => errors.push(message),
    });
    watches.push(started);
    return started;
  };
  const acks = () => readAcks(folder).map(({ version, ended }) => ({ version, ended }));
  beforeEach(() => {
    followed = [];
    errors = [];
    broken = false;
  });
  afterEach(() => {
    for (const started of watches.splice(0)) started.close();
  });

  test('follows each change once, says so, and takes its word back when it ends', () => {
    const started = follow();
    const { version } = changeStops(folder, () => [order('a')]);
    started.look();
    started.look();
    expect([followed, idsOf(started.stops()), acks()]).toEqual([[[], ['a']], ['a'], [{ version, ended: 1 }]]);
    started.close();
    expect([acks(), errors]).toEqual([[], []]);
  });

  test('does not begin with a list that it cannot read', () => {
    writeFileSync(file, '{"version":1,"stops":[');
    expect(follow).toThrow(AppError);
    rmSync(file);
    mkdirSync(file);
    expect(follow).toThrow('is not a list of stops');
  });

  test('keeps the orders before one that it cannot read, and tells it once', () => {
    changeStops(folder, () => [order('a')]);
    const started = follow();
    writeFileSync(file, '{');
    started.look();
    started.look();
    expect([idsOf(started.stops()), errors]).toEqual([['a'], [`${file} is not a list of stops`]]);
  });

  test('follows an order whose file could not be read at first, though it looks the same from outside', () => {
    const started = follow();
    const text = JSON.stringify({ version: 1, stops: [order('a')] });
    const write = (content: string): void => {
      writeFileSync(file, content);
      utimesSync(file, 1_000, 1_000);
      started.look();
    };
    write(text.replace('{', '!'));
    expect([idsOf(started.stops()), errors.length]).toEqual([[], 1]);
    write(text);
    expect([idsOf(started.stops()), followed]).toEqual([['a'], [[], ['a']]]);
  });

  test('lives on where not even the state of the file can be had', () => {
    changeStops(folder, () => [order('a')]);
    const started = follow();
    rmSync(file);
    symlinkSync(file, file);
    started.look();
    expect([idsOf(started.stops()), errors.length]).toEqual([['a'], 1]);
  });

  test('lives on when it cannot say that it follows, and says it later', () => {
    const started = follow();
    const said = path.join(folder, 'stops');
    renameSync(said, `${said}.away`);
    const { version } = changeStops(folder, () => [order('a')]);
    started.look();
    expect([idsOf(started.stops()), followed, errors.length]).toEqual([['a'], [[], ['a']], 1]);
    renameSync(`${said}.away`, said);
    started.look();
    expect([followed, acks()]).toEqual([[[], ['a']], [{ version, ended: 1 }]]);
  });

  test('lives on when what is open cannot be ended, refuses what comes, and tries again', () => {
    const started = follow();
    broken = true;
    changeStops(folder, () => [order('a')]);
    started.look();
    expect([idsOf(started.stops()), followed, errors]).toEqual([['a'], [[]], ['cannot end what is open']]);
    broken = false;
    started.look();
    expect(followed).toEqual([[], ['a']]);
  });
});
