import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { foldUsage, NO_USAGE, type RecordedUse, type Usage } from '../../src/agents/permissions/usage.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { mergeUsage, openUsageStore, readUsage, type UsageStore } from '../../src/services/usage-store.ts';

const tool = (name: string, permitted = true): RecordedUse => ({ list: 'tools', name, permitted });

describe('what agents use', () => {
  let folder: string;
  let errors: string[];
  const open: UsageStore[] = [];
  const start = (pid: number, alive: readonly number[] = [pid]) => {
    const store = openUsageStore({
      folder,
      machine: 'box',
      pid,
      isAlive: (one) => alive.includes(one),
      fit: (_, name) => (name.includes('secret') ? undefined : name),
      onError: (message) => errors.push(message),
    });
    open.push(store);
    return store;
  };
  const read = (): Usage => readUsage(folder, (message) => errors.push(message));
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sluice-usage-'));
    errors = [];
  });
  afterEach(() => {
    for (const store of open.splice(0)) store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('nothing was used yet', () => expect([read(), errors]).toEqual([NO_USAGE, []]));

  test('is counted as the pure fold counts it', () => {
    const uses = [tool('a'), tool('b', false), tool('a'), { list: 'models' as const, name: 'gpt-5', permitted: true }];
    const store = start(1);
    store.note('bot', uses, 5);
    store.note('bot', [tool('a', false)], 4);
    store.close();
    const kinds = { tools: 'tool-declared', models: 'model' } as const;
    const used = [...uses.map((use) => ({ ...use, unixMs: 5 })), { ...tool('a', false), unixMs: 4 }];
    const folded = used.reduce(
      (usage, { list, name, permitted, unixMs }) =>
        foldUsage(usage, { agent: 'bot', use: { kind: kinds[list as keyof typeof kinds], name }, permitted, unixMs }),
      NO_USAGE,
    );
    expect(read()).toEqual(folded);
  });

  test('of several processes is one, and survives them', () => {
    const [one, other] = [start(1, [1, 2]), start(2, [1, 2])];
    one.note('bot', [tool('a')], 1);
    other.note('bot', [tool('a'), tool('b')], 2);
    one.close();
    other.close();
    const all = {
      version: 1,
      agents: {
        bot: {
          lists: {
            tools: [
              { name: 'a', permitted: 2, refused: 0, lastMs: 2 },
              { name: 'b', permitted: 1, refused: 0, lastMs: 2 },
            ],
          },
          forgotten: 0,
        },
      },
    };
    expect(read()).toEqual(all);
    start(3).note('bot', [], 3); // adds up what the other two left
    expect(readdirSync(path.join(folder, 'usage'))).toEqual(['past.json']);
    expect(read()).toEqual(all);
    start(4, [3, 4]);
    expect(read()).toEqual(all);
  });

  test('of a process with the number of an earlier one begins anew, and nothing is lost', () => {
    for (const at of [1, 2]) {
      const store = start(1);
      store.note('bot', [tool('a')], at);
      store.close();
    }
    expect(read().agents['bot']?.lists.tools).toEqual([{ name: 'a', permitted: 2, refused: 0, lastMs: 2 }]);
  });

  test.each([-1, 0, 1])('with %d names more than are remembered is counted, those that do not fit without their names', (over) => {
    const store = start(1);
    const names = Array.from({ length: FIXED.usageNames + over }, (_, index) => tool(`t${index}`));
    store.note('bot', names, 1);
    store.close();
    const { lists, forgotten } = read().agents['bot']!;
    expect([lists.tools?.length, forgotten]).toEqual([Math.min(names.length, FIXED.usageNames), Math.max(0, over)]);
  });

  test('put together beyond what is remembered, forgets the names used longest ago', () => {
    const many = (start: number, lastMs: number): Usage => ({
      version: 1,
      agents: {
        bot: {
          lists: {
            tools: Array.from({ length: FIXED.usageNames }, (_, index) => ({
              name: `t${start + index}`,
              permitted: 1,
              refused: 1,
              lastMs,
            })),
          },
          forgotten: 1,
        },
      },
    });
    const { lists, forgotten } = mergeUsage(many(0, 1), many(10, 2)).agents['bot']!;
    expect([lists.tools?.length, lists.tools?.some(({ name }) => name === 't9'), forgotten]).toEqual([FIXED.usageNames, false, 2 + 2 * 10]);
  });

  test('of a name that must not be kept is only counted', () => {
    const store = start(1);
    store.note('bot', [tool('secret-1'), tool('a')], 1);
    store.close();
    expect(read().agents['bot']).toEqual({ lists: { tools: [{ name: 'a', permitted: 1, refused: 0, lastMs: 1 }] }, forgotten: 1 });
  });

  test('in a file that is none is told and passed over', () => {
    start(1).note('bot', [tool('a')], 1);
    open.splice(0)[0]!.close();
    writeFileSync(path.join(folder, 'usage', 'other.7.json'), '{"version":2}');
    expect(read().agents['bot']?.lists.tools).toHaveLength(1);
    expect(errors).toEqual([`${path.join(folder, 'usage', 'other.7.json')} cannot be read`]);
  });
});
