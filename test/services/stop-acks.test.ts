import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Stop } from '../../src/agents/stops.ts';
import { changeStops, type Follower, readAcks, type StopWatch, watchStops } from '../../src/services/stop-list.ts';
import { runSluice, waitFor } from '../support/processes.ts';

const ORDER: Stop = { id: 'a', scope: 'all', name: '', reason: 'drill', by: 'tester', atUnixMs: 0, untilUnixMs: undefined };
const FIRST: Follower = { machine: 'container-1', pid: 1 };
const SECOND: Follower = { machine: 'container-2', pid: 1 };
const LONG_AGO = new Date('2020-01-01');

describe('processes that follow the list of stops in one folder', () => {
  let state: string;
  let folder: string;
  const watches: StopWatch[] = [];
  const follow = (follower: Follower, ended = 0): StopWatch => {
    const started = watchStops({ folder, follower, onChange: () => ended, onError: () => undefined });
    watches.push(started);
    return started;
  };
  const stopAll = () => runSluice(['stop', 'all', '--reason', 'drill'], { environment: { XDG_STATE_HOME: state } });
  const said = (): readonly unknown[] => readAcks(folder).map(({ machine, pid, ended }) => [machine, pid, ended]);
  beforeEach(() => {
    state = mkdtempSync(path.join(tmpdir(), 'sluice-acks-'));
    folder = path.join(state, 'sluice');
  });
  afterEach(() => {
    for (const started of watches.splice(0)) started.close();
    rmSync(state, { recursive: true, force: true });
  });

  test('are told apart though each is process 1 of its container', () => {
    const started = [follow(FIRST, 2), follow(SECOND, 3)];
    changeStops(folder, () => [ORDER]);
    for (const one of started) one.look();
    expect(said()).toEqual([
      ['container-1', 1, 2],
      ['container-2', 1, 3],
    ]);
    started[0]!.close();
    expect(said()).toEqual([['container-2', 1, 3]]);
  });

  test('keep to the folder whatever the machine is called', () => {
    follow({ machine: '../../elsewhere', pid: 1 });
    expect([said(), readdirSync(state)]).toEqual([[['../../elsewhere', 1, 0]], ['sluice']]);
  });

  test('show a sign of life for those who cannot ask for their process', async () => {
    follow(FIRST);
    const [name] = readdirSync(path.join(folder, 'stops'));
    utimesSync(path.join(folder, 'stops', name!), LONG_AGO, LONG_AGO);
    await waitFor(() => readAcks(folder).find(({ seenUnixMs }) => seenUnixMs > LONG_AGO.getTime()));
  });

  test('are all named by the command that stops, and those of other machines with theirs', async () => {
    for (const follower of [FIRST, SECOND, { machine: hostname(), pid: process.pid }]) follow(follower);
    const { code, stdout } = await stopAll();
    const listed = stdout
      .split('followed by processes ')[1]!
      .split(', ')
      .toSorted((a, b) => a.length - b.length);
    expect({ code, listed }).toEqual({ code: 0, listed: [String(process.pid), '1 on container-1', '1 on container-2'] });
  });

  /** What a process leaves that is killed. */
  function leave({ machine, pid }: Follower, seen: Date): void {
    const file = path.join(folder, 'stops', `${machine}.${pid}.json`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ machine, pid, version: 'none', atUnixMs: 0, ended: 0 }));
    utimesSync(file, seen, seen);
  }

  test('do not count any more some seconds after their last sign of life', async () => {
    follow(SECOND);
    leave(FIRST, new Date(Date.now() - 60_000));
    const { code, stdout } = await stopAll();
    expect({ code, said: stdout.split('\n')[1] }).toEqual({ code: 0, said: 'followed by process 1 on container-2' });
  });

  test('are missed by the command when they have not followed and were there a moment ago', async () => {
    leave(FIRST, new Date(Date.now() + 60_000));
    const { code, stdout } = await stopAll();
    expect({ code, said: stdout.split('\n')[2] }).toEqual({ code: 4, said: 'not followed by process 1 on container-1' });
  });

  test('are forgotten a day after their last sign of life', () => {
    leave(FIRST, new Date(Date.now() - 25 * 3_600_000));
    follow(SECOND);
    expect(said()).toEqual([['container-2', 1, 0]]);
  });
});
