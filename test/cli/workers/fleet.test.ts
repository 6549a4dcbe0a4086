import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createCounters } from '../../../src/cli/counters.ts';
import { createFleet, type FleetEvent, type FleetTiming, type WorkerEvents, type WorkerPlace } from '../../../src/cli/workers/fleet.ts';
import type { FromWorker, ToWorker, WorkerReport } from '../../../src/cli/workers/messages.ts';
import { packAsks } from '../../../src/cli/workers/packed.ts';
import { waitFor } from '../../support/processes.ts';

const TIMING: FleetTiming = { pauseMs: 1, pauseMsMax: 8, steadyMs: 60_000, reportMs: 5, silentMsMax: 60_000, stopMsMax: 60_000 };
const REPORT: WorkerReport = {
  counters: createCounters().snapshot(),
  status: {
    policy: { version: 'p', mode: 'enforce', source: 's', loadedAt: '', lastFailedReload: undefined },
    tls: undefined,
    openExchanges: 0,
    heldBytes: 0,
  },
};

/** A process that is none: it does what a test says. */
interface FakeWorker extends WorkerEvents, WorkerPlace {
  readonly pid: number;
  readonly told: ToWorker[];
  readonly killed: string[];
  becomeReady(): void;
}

interface FleetSetup {
  readonly count?: number;
  readonly timing?: Partial<FleetTiming>;
  /** How a process takes a signal. Default: it ends. */
  readonly onKill?: (worker: FakeWorker, signal: string) => void;
}

function fleetOf({ count = 2, timing, onKill = (worker, signal) => worker.onEnd(`signal ${signal}`) }: FleetSetup = {}) {
  const processes: FakeWorker[] = [];
  const events: FleetEvent[] = [];
  const gone: number[] = [];
  const asked: string[] = [];
  const fleet = createFleet({
    addresses: Array.from({ length: count }, (_, at) => ({ kind: 'tcp', host: '127.0.0.1', port: 9000 + at })),
    start(place, { onMessage, onEnd }) {
      const worker: FakeWorker = {
        ...place,
        onMessage,
        onEnd,
        pid: 100 + processes.length,
        told: [],
        killed: [],
        becomeReady: () => onMessage({ kind: 'ready', listen: place.listen, report: REPORT }),
      };
      processes.push(worker);
      return {
        pid: worker.pid,
        send: (message) => worker.told.push(message),
        kill(signal) {
          worker.killed.push(signal);
          onKill(worker, signal);
        },
      };
    },
    onAsks: (_, { name }) => asked.push(name),
    onGone: (worker) => gone.push(worker),
    onEvent: (event) => events.push(event),
    timing: { ...TIMING, ...timing },
  });
  /** Starts it and lets all processes become ready. */
  async function started(): Promise<void> {
    const start = fleet.start();
    for (const worker of processes) worker.becomeReady();
    await start;
  }
  const states = () => fleet.states().map(({ state }) => state);
  const nth = (index: number) => waitFor(() => processes[index]);
  return { fleet, processes, events, gone, asked, started, states, nth };
}

const refusal: FromWorker = {
  kind: 'refused',
  code: 'address-in-use',
  message: '127.0.0.1:9001 is already in use',
  next: 'choose another',
};

describe('a fleet of workers', () => {
  test('is ready when every worker is', async () => {
    const { fleet, processes, states } = fleetOf();
    const start = fleet.start();
    expect(processes.map(({ worker, restarts }) => ({ worker, restarts }))).toEqual([
      { worker: 0, restarts: 0 },
      { worker: 1, restarts: 0 },
    ]);
    processes[0]!.becomeReady();
    expect([fleet.isReady(), states()]).toEqual([false, ['ready', 'starting']]);
    processes[1]!.becomeReady();
    await start;
    expect(fleet.isReady()).toBe(true);
    await fleet.stop();
  });

  test('tells a worker that is starting again what the others were told meanwhile, when it is ready', async () => {
    const { fleet, processes, started, nth } = fleetOf({ timing: { reportMs: 60_000 } });
    await started();
    processes[1]!.onEnd('signal SIGKILL');
    const next = await nth(2);
    fleet.tellAll({ kind: 'reload' });
    fleet.tellAll({ kind: 'stops' });
    fleet.tellAll({ kind: 'reload' });
    expect([processes[0]!.told.length, next.told]).toEqual([3, []]);
    next.becomeReady();
    expect(next.told).toEqual([{ kind: 'reload' }, { kind: 'stops' }]);
    await fleet.stop();
  });

  test('does not begin when one worker cannot: in its words, and the others are stopped', async () => {
    const { fleet, processes } = fleetOf();
    const start = fleet.start();
    processes[0]!.becomeReady();
    processes[1]!.onMessage(refusal);
    processes[1]!.onEnd('exit code 4');
    await expect(start).rejects.toMatchObject({
      code: 'address-in-use',
      message: '127.0.0.1:9001 is already in use',
      next: 'choose another',
    });
    expect(processes.map(({ killed }) => killed)).toEqual([['SIGTERM'], []]);
    expect(processes).toHaveLength(2);
  });

  test('says of a worker that ends without a word how it ended', async () => {
    const { fleet, processes } = fleetOf({ count: 1 });
    const start = fleet.start();
    processes[0]!.onEnd('signal SIGKILL');
    await expect(start).rejects.toMatchObject({ code: 'child-ended', message: 'worker 0 ended before it was ready: signal SIGKILL' });
  });

  test('starts a worker that ends again, at the address it had, and leaves the others alone', async () => {
    const { fleet, processes, events, gone, started, states, nth } = fleetOf();
    await started();
    processes[1]!.onMessage({ kind: 'ready', listen: { kind: 'tcp', host: '127.0.0.1', port: 4711 }, report: REPORT });
    processes[1]!.onEnd('signal SIGKILL');
    expect([fleet.isReady(), states(), gone]).toEqual([false, ['ready', 'waiting'], [1]]);
    const next = await nth(2);
    expect(next).toMatchObject({ worker: 1, listen: { port: 4711 }, restarts: 1 });
    next.becomeReady();
    expect(fleet.isReady()).toBe(true);
    expect(events).toEqual([
      { kind: 'ended', worker: 1, pid: 101, how: 'signal SIGKILL', againInMs: 1 },
      { kind: 'back', worker: 1, pid: 102 },
    ]);
    expect(processes[0]!.killed).toEqual([]);
    await fleet.stop();
  });

  test('waits longer each time a worker ends in a row, up to a bound, and says once that it is a loop', async () => {
    const { fleet, processes, events, started, nth } = fleetOf({ count: 1 });
    await started();
    for (let end = 0; end < 6; end++) {
      const worker = await nth(end);
      if (end === 3) worker.onMessage(refusal);
      worker.onEnd('exit code 1');
    }
    expect(events.flatMap((event) => (event.kind === 'ended' ? [event.againInMs] : []))).toEqual([1, 2, 4, 8, 8, 8]);
    expect(events.filter(({ kind }) => kind === 'looping')).toEqual([{ kind: 'looping', worker: 0, how: 'exit code 1', ends: 5 }]);
    expect(events[3]).toMatchObject({ how: 'exit code 1: address-in-use' });
    expect(fleet.isReady()).toBe(false);
    await fleet.stop();
    expect(processes.length).toBeGreaterThanOrEqual(6);
  });

  test('begins with the shortest pause again after a worker was steady', async () => {
    const { fleet, events, started, nth } = fleetOf({ count: 1, timing: { steadyMs: 0 } });
    await started();
    for (let end = 0; end < 3; end++) {
      const worker = await nth(end);
      worker.becomeReady();
      worker.onEnd('exit code 1');
    }
    expect(events.flatMap((event) => (event.kind === 'ended' ? [event.againInMs] : []))).toEqual([1, 1, 1]);
    await fleet.stop();
  });

  test('kills a worker that does not answer any more, and no other', async () => {
    const { fleet, processes, events, started, nth } = fleetOf({ timing: { silentMsMax: 50 } });
    await started();
    const answering = setInterval(() => processes[0]!.onMessage({ kind: 'report', report: REPORT }), 1);
    expect(await nth(2)).toMatchObject({ worker: 1, restarts: 1 });
    clearInterval(answering);
    expect(processes[1]!.killed).toEqual(['SIGKILL']);
    expect(processes[0]!.killed).toEqual([]);
    expect(events[0]).toEqual({ kind: 'hung', worker: 1, pid: 101 });
    await fleet.stop();
  });

  test('stops all at once and starts none again', async () => {
    const { fleet, processes, started } = fleetOf();
    await started();
    processes[0]!.onEnd('exit code 1');
    await fleet.stop();
    await delay(20);
    expect(processes).toHaveLength(2);
    expect(processes[1]!.killed).toEqual(['SIGTERM']);
  });

  test('kills what does not end in time', async () => {
    const { fleet, processes, started } = fleetOf({
      timing: { stopMsMax: 5 },
      onKill: (worker, signal) => (signal === 'SIGKILL' ? worker.onEnd(signal) : undefined),
    });
    await started();
    await fleet.stop();
    expect(processes.map(({ killed }) => killed)).toEqual([
      ['SIGTERM', 'SIGKILL'],
      ['SIGTERM', 'SIGKILL'],
    ]);
  });

  test('refreshes the reports of all, and waits for none that is gone or silent', async () => {
    const { fleet, processes, started } = fleetOf({ timing: { reportMs: 60_000 } });
    await started();
    const report = { ...REPORT, status: { ...REPORT.status, openExchanges: 7 } };
    const both = fleet.refresh(60_000);
    expect(processes.map(({ told }) => told)).toEqual([[{ kind: 'report' }], [{ kind: 'report' }]]);
    processes[0]!.onMessage({ kind: 'report', report });
    processes[1]!.onEnd('signal SIGKILL');
    await both;
    expect(fleet.states().map((one) => one.report?.status.openExchanges)).toEqual([7, undefined]);
    await fleet.refresh(5);
    await fleet.stop();
  });

  test('names a process, not a number, to who answers its questions', async () => {
    const { fleet, processes, asked, started, nth } = fleetOf();
    await started();
    processes[1]!.onMessage({ kind: 'asks', asks: packAsks([]) });
    processes[1]!.onEnd('exit code 1');
    processes[1]!.onMessage({ kind: 'asks', asks: packAsks([]) });
    (await nth(2)).onMessage({ kind: 'asks', asks: packAsks([]) });
    expect(asked).toEqual(['1.0', '1.1']);
    await fleet.stop();
  });
});
