import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type CpuProfile, reduceAllocation, reduceProfile, STAGES, stageOf } from '../../bench/harness/profile.ts';

const root = path.resolve(import.meta.dirname, '../..');
const source = (file: string): string => pathToFileURL(path.join(root, file)).href;
const frame = (functionName: string, url = '', lineNumber = -1) => ({ functionName, url, lineNumber });

const NODES = [
  frame('(root)'),
  frame('(idle)'),
  frame('(program)'),
  frame('(garbage collector)'),
  frame('scan', source('src/detect/engine.ts'), 9),
  frame('', source('src/exchange/machine.ts'), 0),
  frame('onread', 'node:internal/http2/core', 99),
  frame('startSpan', 'file:///home/somebody/node_modules/@opentelemetry/sdk/tracer.js', 3),
  frame('scan', source('src/detect/engine.ts'), 9),
].map((callFrame, index) => ({ id: index + 1, callFrame }));

const profile = (samples: readonly number[], timeDeltas: readonly number[]): CpuProfile => ({ nodes: NODES, samples, timeDeltas });

describe('a CPU profile', () => {
  const report = reduceProfile(profile([2, 3, 4, 5, 6, 7, 8, 9, 2], [500, 100, 100, 200, 100, 200, 100, 200, 500]));

  test('is reduced to functions by the time in themselves, of all their places in the tree', () => {
    expect(report.top).toEqual([
      { function: 'scan src/detect/engine.ts:10', share: 40 },
      { function: 'onread node:internal/http2/core:100', share: 20 },
      { function: '(program)', share: 10 },
      { function: '(garbage collector)', share: 10 },
      { function: '(anonymous) src/exchange/machine.ts:1', share: 10 },
      { function: 'startSpan node_modules/@opentelemetry/sdk/tracer.js:4', share: 10 },
    ]);
  });

  test('is told by stage, without the time in which nothing was to be done', () => {
    expect(report.stages).toEqual({
      transport: 30,
      reading: 0,
      exchange: 10,
      lanes: 0,
      scan: 40,
      'identity and policy': 0,
      telemetry: 10,
      'garbage collection': 10,
      other: 0,
    });
    expect([report.gcShare, report.idleShare]).toEqual([10, 50]);
  });

  test('counts what Node and V8 bring for who called it, and below the reading of messages for the transport', () => {
    const nodes = [
      { id: 1, callFrame: frame('(root)'), children: [2, 6, 8] },
      { id: 2, callFrame: frame('onread', 'node:internal/http2/core'), children: [3, 4] },
      { id: 3, callFrame: frame('scan', source('src/detect/engine.ts')), children: [5, 10] },
      { id: 4, callFrame: frame('encode', source('src/extproc/codec.ts')), children: [7] },
      { id: 5, callFrame: frame('push') },
      { id: 6, callFrame: frame('post', source('src/telemetry/post.ts')), children: [9] },
      { id: 7, callFrame: frame('write', 'node:internal/streams/writable') },
      { id: 8, callFrame: frame('(garbage collector)') },
      { id: 9, callFrame: frame('request', 'node:http') },
      { id: 10, callFrame: frame('remembered', source('src/lib/remembered.ts')) },
    ];
    const { stages } = reduceProfile({ nodes, samples: [2, 3, 4, 5, 10, 7, 8, 9], timeDeltas: [10, 10, 10, 5, 5, 10, 20, 30] });
    expect(stages).toMatchObject({ transport: 20, scan: 20, reading: 10, 'garbage collection': 20, telemetry: 30 });
  });

  test('keeps forty functions at most', () => {
    const nodes = Array.from({ length: 60 }, (_, index) => ({ id: index, callFrame: frame(`f${index}`, 'node:x') }));
    const samples = nodes.map(({ id }) => id);
    expect(reduceProfile({ nodes, samples, timeDeltas: samples.map(() => 1) }).top).toHaveLength(40);
  });

  test('of nothing has shares of nothing, and a clock that goes backwards does not count', () => {
    expect(reduceProfile(profile([], []))).toMatchObject({ top: [], gcShare: 0, idleShare: 0 });
    expect(reduceProfile(profile([5, 7], [-50, 10])).stages).toMatchObject({ transport: 100, scan: 0 });
  });
});

describe('the stage of a function', () => {
  test.each([
    ['src/extproc/server.ts', 'transport'],
    ['src/extproc/codec.ts', 'reading'],
    ['src/wire/framing/json.ts', 'lanes'],
    ['src/text/segment.ts', 'lanes'],
    ['src/detect/matcher.ts', 'scan'],
    ['src/agents/permissions/permit.ts', 'identity and policy'],
    ['src/policy/decide.ts', 'identity and policy'],
    ['src/services/agent-desk.ts', 'identity and policy'],
    ['src/cli/caller-watch.ts', 'identity and policy'],
    ['src/respond/splice.ts', 'exchange'],
    ['src/telemetry/telemetry.ts', 'telemetry'],
    ['src/cli/serve.ts', 'telemetry'],
    ['src/lib/limits.ts', 'other'],
    ['node_modules/pino/lib/tools.js', 'other'],
  ])('in %s is %s', (file, stage) => {
    expect(stageOf(frame('f', source(file)))).toBe(stage);
    expect(STAGES).toContain(stage);
  });
});

test('an allocation profile is reduced to bytes of an exchange and of each function', () => {
  const leaf = { callFrame: frame('push', source('src/wire/frame.ts'), 4), selfSize: 300, children: [] };
  const head = {
    callFrame: frame('(root)'),
    selfSize: 0,
    children: [leaf, { callFrame: frame('read', 'node:net', 0), selfSize: 100, children: [leaf] }],
  };
  expect(reduceAllocation({ head }, 7)).toEqual({
    allocatedBytesEach: 100,
    allocation: [
      { function: 'push src/wire/frame.ts:5', share: 85.7 },
      { function: 'read node:net:1', share: 14.3 },
    ],
  });
});
