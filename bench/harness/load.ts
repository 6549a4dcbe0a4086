import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { createHttpReader, type HttpMessage } from './http-reader.ts';
import type { Schedule } from './schedule.ts';
import type { Workload } from './workloads.ts';

export interface LoadOptions {
  readonly port: number;
  /** Connections that are kept open. */
  readonly connections: number;
  /** More header lines of each request. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ClosedLoop {
  readonly answered: number;
  /** Answers that were no 200, and requests whose connection broke. */
  readonly failed: number;
  readonly seconds: number;
}

export interface OpenLoop {
  readonly answered: number;
  readonly failed: number;
  /** From the time a request was due, so that one that had to wait for its turn counts in full; in milliseconds. */
  readonly latenciesMs: readonly number[];
  /** How late requests left, in milliseconds. */
  readonly latenessMs: readonly number[];
}

/** A client of the gateway on connections of its own. Failures are counted, never retried. */
export interface Load {
  /** Every connection sends its next request when it has its answer, for this long; at least one request each. */
  closed(workload: Workload, durationMs: number): Promise<ClosedLoop>;
  /** So many requests, as in `closed`. */
  count(workload: Workload, requests: number): Promise<ClosedLoop>;
  /** Requests leave when they are due, on any connection that is free, or else on the next that becomes free. */
  open(workload: Workload, schedule: Schedule): Promise<OpenLoop>;
  /** One request; undefined when the connection broke. */
  send(body: Buffer, headers?: Readonly<Record<string, string>>): Promise<HttpMessage | undefined>;
  close(): void;
}

export function createLoad({ port, connections, headers = {} }: LoadOptions): Load {
  const all = Array.from({ length: connections }, () => createConnection(port));
  const lines = linesOf(headers);
  const isGood = (answer: HttpMessage | undefined): boolean => answer?.head.startsWith('HTTP/1.1 200 ') === true;

  const runClosed = async (workload: Workload, isOver: () => boolean): Promise<ClosedLoop> => {
    const started = performance.now();
    const done = { answered: 0, failed: 0 };
    const client = async (connection: Connection): Promise<void> => {
      do {
        const answer = await connection.send(requestOf(workload.next(), lines));
        done[isGood(answer) ? 'answered' : 'failed']++;
      } while (!isOver());
    };
    await Promise.all(all.map(client));
    return { ...done, seconds: (performance.now() - started) / 1000 };
  };

  return {
    closed: (workload, durationMs) => {
      const end = performance.now() + durationMs;
      return runClosed(workload, () => performance.now() >= end);
    },
    count: (workload, requests) => {
      let left = requests - connections;
      return runClosed(workload, () => left-- <= 0);
    },
    async open(workload, schedule) {
      const run = { answered: 0, failed: 0, latenciesMs: [] as number[], latenessMs: [] as number[] };
      const free = [...all];
      const waiting: { readonly request: Buffer; readonly dueAt: number }[] = [];
      let underWay = 0;
      const send = async (connection: Connection, request: Buffer, dueAt: number): Promise<void> => {
        underWay++;
        run.latenessMs.push(performance.now() - dueAt);
        const answer = await connection.send(request);
        underWay--;
        run[isGood(answer) ? 'answered' : 'failed']++;
        run.latenciesMs.push(performance.now() - dueAt);
        const next = waiting.shift();
        if (next === undefined) free.push(connection);
        else void send(connection, next.request, next.dueAt);
      };
      const startedAt = performance.now();
      for (let due = schedule.next(); due !== undefined; due = schedule.next()) {
        const request = requestOf(workload.next(), lines);
        const dueAt = startedAt + due;
        await untilDue(dueAt);
        const connection = free.pop();
        if (connection === undefined) waiting.push({ request, dueAt });
        else void send(connection, request, dueAt);
      }
      while (underWay > 0 || waiting.length > 0) await untilDue(performance.now() + SLEEP_MS);
      return run;
    },
    send: (body, more = {}) => all[0]!.send(requestOf(body, lines + linesOf(more))),
    close() {
      for (const connection of all) connection.close();
    },
  };
}

/** Longest sleep while answers may come: their times are no more than this too late. */
const SLEEP_MS = 0.05;
const NOBODY_WAKES = new Int32Array(new SharedArrayBuffer(4));

/**
 * Waits to a few hundredths of a millisecond, where a timer waits for whole ones: in short sleeps without the event loop, which then looks
 * for answers. It leaves the core to Envoy meanwhile, which a loop that only looks at the clock would not.
 */
async function untilDue(dueAt: number): Promise<void> {
  for (let left = dueAt - performance.now(); left > 0; left = dueAt - performance.now()) {
    Atomics.wait(NOBODY_WAKES, 0, 0, Math.min(left, SLEEP_MS));
    await turn();
  }
}

interface Connection {
  send(request: Buffer): Promise<HttpMessage | undefined>;
  close(): void;
}

/** A kept-alive connection; one that broke is opened anew for the next request. */
function createConnection(port: number): Connection {
  let socket: Socket | undefined;
  let resolve: ((answer: HttpMessage | undefined) => void) | undefined;
  const settle = (answer: HttpMessage | undefined): void => {
    const waiting = resolve;
    resolve = undefined;
    waiting?.(answer);
  };
  const open = (): Socket => {
    const reader = createHttpReader();
    const opened = connect({ port, host: '127.0.0.1', noDelay: true });
    const lost = (): void => {
      if (socket === opened) {
        socket = undefined;
        settle(undefined);
      }
    };
    opened.on('data', (chunk: Buffer) => reader.push(chunk).forEach(settle));
    opened.on('error', lost);
    opened.on('close', lost);
    return opened;
  };
  return {
    send: (request) =>
      new Promise((settled) => {
        resolve = settled;
        socket ??= open();
        socket.write(request);
      }),
    close: () => socket?.destroy(),
  };
}

const linesOf = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');

function requestOf(body: Buffer, lines: string): Buffer {
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: bench.example\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${lines}\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}
