import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { reduceAllocation, reduceProfile } from '../../bench/harness/profile.ts';
import { type BenchRecord, isMet, newestRecords } from '../../bench/harness/record.ts';
import { BUDGET, renderPerformance, WHY_MISSED } from './performance-page.ts';

const root = path.resolve(import.meta.dirname, '../..');

const callFrame = { functionName: 'scan', url: 'node:x', lineNumber: 0 };
const HOP: BenchRecord = {
  schema: 2,
  bench: 'hop',
  date: '2026-01-02',
  machine: { cores: 2, model: 'a processor', memoryGB: 8 },
  versions: { node: 'v24' },
  unit: 'Medians',
  rows: [{ arm: 'Sluice, enforce', 'filter µs': 200, '× bare': 2, 'conversation µs': 250 }],
  figures: [{ what: 'one ÷ other', value: 2, goal: { most: 1.5 } }],
  profiles: {
    'Sluice, enforce': {
      ...reduceProfile({ nodes: [{ id: 1, callFrame }], samples: [1], timeDeltas: [5] }),
      ...reduceAllocation({ head: { callFrame, selfSize: 4096, children: [] } }, 2),
      loop: { delayP99Ms: 1.5, delayMaxMs: 9, busyMaxMs: 3, gcs: 2, gcMs: 4, gcMaxMs: 2.5 },
    },
  },
};

describe('docs/performance.md', () => {
  it('is what the newest records say (npm run docs)', () => {
    expect(readFileSync(path.join(root, 'docs/performance.md'), 'utf8')).toBe(renderPerformance());
  });

  it('has no number in its prose: every one stands in what a record fills', () => {
    const prose = renderPerformance(new Map());
    const words = prose.replaceAll(/\[\d{4}\]\([^)]+\)|ext_proc|HTTP\/2|node:http2|RE2|64 KiB|1 KB|\b(?:one|two)\b/g, '');
    expect(words.match(/\d+/g)).toBe(null);
  });

  it('says what is missed, and puts each stage beside its limit', () => {
    const page = renderPerformance(new Map([['hop', HOP]]));
    expect(page).toContain('| hop: one ÷ other | ≤ 1.5 | 2 | **missed** |\n\nMissed: 1 of 1.');
    expect(page).toContain('| transport | 100 | 200 | 2 | 1 | over |');
    expect(page).toContain('| scan | 0 | 0 | 0 | 0.12 |  |');
    expect(page).toContain('| requests of 1 KB a second, of a core used by half | 2500 |');
    expect(page).toContain('[2026-01-02](../bench/records/2026-01-02-hop.md)');
    expect(page).toContain('No record yet: `npm run bench -- scan`.');
  });

  it('says why of every goal that the newest records miss', () => {
    const missed = [...newestRecords(path.join(root, 'bench/records')).values()].flatMap(({ bench, figures = [] }) =>
      figures.filter((figure) => !isMet(figure)).map(({ what }) => `${bench}: ${what}`),
    );
    expect(missed.filter((what) => !Object.keys(WHY_MISSED).some((part) => what.startsWith(part)))).toEqual([]);
  });

  it('has limits that add up to the goal for the whole', () => {
    const sum = Object.values(BUDGET).reduce((total, { limit }) => total + limit, 0);
    expect(Math.round(sum * 100) / 100).toBe(1.5);
  });
});
