import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpReader, headerOf } from '../../bench/harness/http-reader.ts';
import { createLoad } from '../../bench/harness/load.ts';
import { poissonSchedule, type Schedule } from '../../bench/harness/schedule.ts';
import { conversation, prose, single, WORKLOADS } from '../../bench/harness/workloads.ts';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { detectorId } from '../../src/detect/detector.ts';
import { createLaneEngine } from '../../src/detect/lane-engine.ts';
import { createRandom } from '../support/random.ts';

function all(schedule: Schedule): readonly number[] {
  const times: number[] = [];
  for (let due = schedule.next(); due !== undefined; due = schedule.next()) times.push(due);
  return times;
}

describe('arrivals', () => {
  const options = { perSecond: 500, durationMs: 20_000 };

  test('come in order, within the duration, as many as the rate says', () => {
    const times = all(poissonSchedule({ random: createRandom(1), ...options }));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(options.durationMs);
    expect(Math.abs(times.length - 10_000)).toBeLessThan(500);
  });

  test('are the same with the same seed, and others with another', () => {
    const times = (seed: number) => all(poissonSchedule({ random: createRandom(seed), ...options }));
    expect(times(2)).toEqual(times(2));
    expect(times(2)).not.toEqual(times(3));
  });

  test('have gaps as independent clients have them: their spread is their mean', () => {
    const times = all(poissonSchedule({ random: createRandom(4), ...options }));
    const gaps = times.slice(1).map((time, at) => time - times[at]!);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(deviation / mean).toBeGreaterThan(0.9);
    expect(deviation / mean).toBeLessThan(1.1);
  });

  test.each([0, -1, Number.NaN])('a rate of %d is refused', (perSecond) => {
    expect(() => poissonSchedule({ random: createRandom(1), perSecond, durationMs: 1 })).toThrow('more than 0');
  });
});

describe('the workloads', () => {
  test.each(Object.entries(WORKLOADS))('%s never sends a body twice', (_, make) => {
    const workload = make(createRandom(5));
    const bodies = Array.from({ length: 2_000 }, () => workload.next().toString());
    expect(new Set(bodies).size).toBe(2_000);
  });

  test('single is about 1 KB, with the same system text always', () => {
    const workload = single(createRandom(6));
    const bodies = Array.from({ length: 100 }, () => workload.next());
    const texts = bodies.map((body) =>
      (JSON.parse(body.toString()) as { messages: { content: string }[] }).messages.map(({ content }) => content),
    );
    expect(bodies.filter(({ length }) => length < 950 || length > 1_100)).toEqual([]);
    expect(new Set(texts.map(([system]) => system)).size).toBe(1);
    expect(new Set(texts.map(([, user]) => user)).size).toBe(100);
  });

  test('conversation grows by a turn at a time, four turns long, and keeps what was said', () => {
    const workload = conversation(createRandom(7));
    const bodies = Array.from(
      { length: 64 * 5 },
      () => JSON.parse(workload.next().toString()) as { messages: { role: string; content: string }[] },
    );
    const first = bodies.filter((_, at) => at % 64 === 0).map(({ messages }) => messages.slice(1));
    expect(first.map(({ length }) => length)).toEqual([1, 3, 5, 7, 1]);
    expect(first[3]!.slice(0, 5)).toEqual(first[2]);
    expect(first[3]!.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user', 'assistant', 'user']);
  });

  test('their prose is clean for every detector', () => {
    const rules = CATALOGUE.map((detector) => ({
      id: detectorId(detector),
      detector,
      severity: detector.severity,
      confidence: detector.confidence,
      action: 'redact' as const,
    }));
    const scan = createLaneEngine(rules).open({ stopAtDenial: false });
    scan.push(prose(createRandom(8), 50_000));
    scan.end();
    expect(scan.takeMatches().map(({ rule }) => rule.id)).toEqual([]);
  });
});

describe('the reader of HTTP messages', () => {
  const wire = Buffer.from(
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx-a:  b \r\n\r\nhello' +
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n' +
      'POST / HTTP/1.1\r\nhost: b\r\n\r\n',
  );
  const expected = ['hello', 'abc0123456789', ''];

  test('finds the same messages however they are cut', () => {
    for (let size = 1; size <= wire.length; size++) {
      const reader = createHttpReader();
      const messages = [];
      for (let at = 0; at < wire.length; at += size) messages.push(...reader.push(wire.subarray(at, at + size)));
      expect(messages.map(({ body }) => body.toString())).toEqual(expected);
    }
  });

  test('tells the value of a header, whatever its case', () => {
    const [message] = createHttpReader().push(wire);
    expect([headerOf(message!.head, 'x-a'), headerOf(message!.head, 'content-length'), headerOf(message!.head, 'x-b')]).toEqual([
      'b',
      '5',
      undefined,
    ]);
  });

  test.each(['HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'])(
    'refuses %j',
    (text) => {
      expect(() => createHttpReader().push(Buffer.from(text))).toThrow();
    },
  );
});

describe('the load', () => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      if (body.includes('break')) return void request.socket.destroy();
      response.writeHead(body.includes('deny') ? 403 : 200).end(body);
    });
  });
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const cycle = (...texts: readonly string[]) => {
    let at = 0;
    return { next: () => Buffer.from(texts[at++ % texts.length]!) };
  };

  test('counts answers and failures, broken connections among them, and goes on', async () => {
    const load = createLoad({ port, connections: 3 });
    expect(await load.count(cycle('good', 'deny', 'break', 'good'), 40)).toMatchObject({ answered: 20, failed: 20 });
    load.close();
  });

  test('sends in open loop as often as the schedule says, and knows the latency of each', async () => {
    const load = createLoad({ port, connections: 2 });
    const times = [0, 0, 0, 1, 2, 30];
    const run = await load.open(cycle('good', 'good', 'deny'), { next: () => times.shift() });
    load.close();
    expect(run).toMatchObject({ answered: 4, failed: 2 });
    expect([run.latenciesMs.length, run.latenessMs.length]).toEqual([6, 6]);
    expect(run.latenciesMs.filter((latency) => !(latency > 0))).toEqual([]);
  });

  test('gives the answer to one request', async () => {
    const load = createLoad({ port, connections: 1, headers: { 'x-a': 'b' } });
    const answer = await load.send(Buffer.from('deny me'));
    load.close();
    expect([answer?.head.split('\r\n')[0], answer?.body.toString()]).toEqual(['HTTP/1.1 403 Forbidden', 'deny me']);
  });
});
