import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { renderRecord, table } from '../../bench/harness/markdown.ts';
import { reduceAllocation, reduceProfile } from '../../bench/harness/profile.ts';
import { type BenchRecord, isMet, newestRecords, recordOf, writeRecord } from '../../bench/harness/record.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'sluice-records-'));
afterAll(() => rmSync(folder, { recursive: true }));

const callFrame = { functionName: 'scan', url: 'node:x', lineNumber: 0 };
const PROFILE = {
  ...reduceProfile({ nodes: [{ id: 1, callFrame }], samples: [1], timeDeltas: [5] }),
  ...reduceAllocation({ head: { callFrame, selfSize: 8, children: [] } }, 2),
  loop: { delayP99Ms: 1.5, delayMaxMs: 9, busyMaxMs: 3, gcs: 2, gcMs: 4, gcMaxMs: 2.5 },
};

const RECORD: BenchRecord = {
  schema: 2,
  bench: 'hop',
  date: '2026-01-02',
  machine: { cores: 2, model: 'a processor', memoryGB: 8 },
  versions: { node: 'v24', go: 'go1.26' },
  unit: 'Microseconds',
  facts: { seed: 7, blocks: 9 },
  rows: [
    { arm: 'bare', µs: 80 },
    { arm: 'a|b', µs: 120, 'p99 ms': 2.5 },
  ],
  tables: { Knees: [{ arm: 'bare', rate: 3 }] },
  figures: [
    { what: 'one ÷ other', value: 1.5, goal: { most: 1.5 } },
    { what: 'rate', value: 39, goal: { least: 40 } },
    { what: 'not measured', value: Number.NaN, goal: { most: 1 } },
  ],
  non200s: 0,
  verdicts: { bare: 'passed', enforce: 'denied' },
  profiles: { enforce: PROFILE },
};

describe('a record', () => {
  test('knows machine, versions, day and schema beside its result', () => {
    const record = recordOf(
      'hop',
      { rows: [], versions: { rust: 'cargo 1' }, figures: [{ what: 'x', value: 1.23456, goal: { most: 2 } }] },
      '2026-01-02',
    );
    expect(record).toMatchObject({ schema: 2, bench: 'hop', date: '2026-01-02', figures: [{ value: 1.235 }] });
    expect(Object.keys(record.machine)).toEqual(['cores', 'model', 'memoryGB']);
    expect(Object.keys(record.versions)).toEqual(['node', 'commit', 'envoy', 'rust']);
  });

  test('is written as JSON and as Markdown, and the newest of each bench is found again', () => {
    writeRecord(RECORD, folder);
    writeRecord({ ...RECORD, date: '2026-01-10' }, folder);
    writeRecord({ ...RECORD, bench: 'scan' }, folder);
    writeFileSync(path.join(folder, '2026-02-01-hop.json'), JSON.stringify({ bench: 'hop', date: '2026-02-01', rows: [] }));
    expect(readdirSync(folder)).toHaveLength(7);
    expect(readFileSync(path.join(folder, '2026-01-02-hop.md'), 'utf8')).toBe(renderRecord(RECORD));
    expect([...newestRecords(folder)].map(([bench, { date }]) => [bench, date])).toEqual([
      ['hop', '2026-01-10'],
      ['scan', '2026-01-02'],
    ]);
  });

  test('as Markdown has where it was measured, its goals, rows, tables and profile', () => {
    expect(renderRecord(RECORD)).toBe(`# hop, 2026-01-02

- machine: 2 cores, a processor, 8 GB
- versions: node v24, go go1.26
- seed: 7
- blocks: 9
- answers other than 200: 0
- the same secret was, before timing: bare passed, enforce denied

## Goals

| figure | goal | measured |  |
| --- | --- | --- | --- |
| one ÷ other | ≤ 1.5 | 1.5 | met |
| rate | ≥ 40 | 39 | **missed** |
| not measured | ≤ 1 | nothing | **missed** |

## Measured

Microseconds.

| arm | µs | p99 ms |
| --- | --- | --- |
| bare | 80 |  |
| a\\|b | 120 | 2.5 |

## Knees

| arm | rate |
| --- | --- |
| bare | 3 |

## Profile: enforce

| stage | share, % |
| --- | --- |
| transport | 100 |

| function | share, % |
| --- | --- |
| \`scan node:x:1\` | 100 |

Event loop: delay p99 1.5 ms, longest 9 ms, of that its own doing 3 ms; 2 collections took 4 ms, the longest 2.5 ms. Heap allocated each time: 4 bytes, by

| function | share, % |
| --- | --- |
| \`scan node:x:1\` | 100 |
`);
  });
});

test('a goal is met at its border, and never by what is no number', () => {
  const met = [
    isMet({ what: '', value: 1, goal: { most: 1 } }),
    isMet({ what: '', value: 1.01, goal: { most: 1 } }),
    isMet({ what: '', value: 1, goal: { least: 1 } }),
    isMet({ what: '', value: 0.99, goal: { least: 1 } }),
    isMet({ what: '', value: Number.NaN, goal: { least: 1 } }),
  ];
  expect(met).toEqual([true, false, true, false, false]);
});

test('a table without rows is a table without columns', () => {
  expect(table([])).toBe('|  |\n|  |');
});
