import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../src/agents/integrity/fingerprint.ts';
import type { SeenTool } from '../../src/agents/integrity/integrity.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { changeTools, openToolRegistry, readTools, standingOf, type ToolRegistry, withSeen } from '../../src/services/tool-registry.ts';
import { waitFor } from '../support/processes.ts';

const SERVER = 'shop.example/mcp';
const tool = (name: string, definition: string): SeenTool => ({
  origin: 'offered',
  server: SERVER,
  name,
  fingerprint: fingerprintOf(definition),
  definition: undefined,
});
const SOURCE = { origin: 'offered', server: SERVER } as const;

describe('the registry of tools', () => {
  let folder: string;
  let errors: string[];
  const open: ToolRegistry[] = [];
  const start = () => {
    const registry = openToolRegistry({
      folder,
      now: () => 7,
      mayKeep: (name) => !name.includes('secret'),
      onError: (message) => errors.push(message),
    });
    open.push(registry);
    return registry;
  };
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sluice-tools-'));
    errors = [];
  });
  afterEach(() => {
    for (const registry of open.splice(0)) registry.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('what one process sees, it knows at once and the others soon', async () => {
    const [one, other] = [start(), start()];
    one.note([tool('lookup', '{"schema":{}}')]);
    expect(one.known().find(SOURCE, 'lookup')?.first).toEqual(fingerprintOf('{"schema":{}}'));
    await waitFor(async () => other.known().find(SOURCE, 'lookup'));
    expect(readTools(folder)).toEqual([
      {
        origin: 'offered',
        server: SERVER,
        name: 'lookup',
        first: { fingerprint: fingerprintOf('{"schema":{}}'), atUnixMs: 7 },
        latest: { fingerprint: fingerprintOf('{"schema":{}}'), atUnixMs: 7 },
      },
    ]);
    expect(statSync(path.join(folder, 'tools.json')).mode & 0o777).toBe(0o600);
  });

  test('what waits is written at the end, and two at once lose nothing', () => {
    const [one, other] = [start(), start()];
    one.note([tool('a', '{}')]);
    other.note([tool('b', '{}')]);
    one.close();
    other.close();
    expect(readTools(folder).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('the first definition stays, the latest follows, an approval is of one definition', () => {
    const [first, second] = ['{"description":"a"}', '{"description":"b"}'];
    changeTools(folder, (tools) => withSeen(tools, [tool('t', first)], 1));
    changeTools(folder, (tools) => withSeen(tools, [tool('t', second)], 2));
    const [known] = readTools(folder);
    expect([known?.first.fingerprint.whole, known?.latest.fingerprint.whole]).toEqual(
      [first, second].map((text) => fingerprintOf(text).whole),
    );
    const approval = { by: 'ann', reason: 'read it', atUnixMs: 3 };
    expect([
      standingOf(known!),
      standingOf({ ...known!, approved: { ...known!.latest, ...approval } }),
      standingOf({ ...known!, approved: { ...known!.first, ...approval } }),
      standingOf({ ...known!, latest: known!.first }),
    ]).toEqual(['changed', 'approved', 'changed', 'unapproved']);
  });

  test('a name that must not be kept is not', () => {
    const registry = start();
    registry.note([tool('secret-1', '{}'), tool('fine', '{}')]);
    registry.close();
    expect(readFileSync(path.join(folder, 'tools.json'), 'utf8')).not.toContain('secret-1');
    expect(readTools(folder)).toHaveLength(1);
  });

  test.each([-1, 0, 1])('of %d tools more than it holds, the one unchanged longest is forgotten', (over) => {
    const many = Array.from({ length: FIXED.registeredTools + over }, (_, index) => tool(`t${index}`, '{}'));
    const approved = { by: 'ann', reason: 'first of all', fingerprint: fingerprintOf('{}'), atUnixMs: 1 };
    changeTools(folder, () => withSeen([], many.slice(0, 1), 1).map((one) => ({ ...one, approved })));
    changeTools(folder, (tools) => withSeen(tools, many.slice(1, 2), 2));
    changeTools(folder, (tools) => withSeen(tools, many, 3));
    const names = readTools(folder).map(({ name }) => name);
    expect({ count: names.length, approved: names.includes('t0'), oldest: names.includes('t1') }).toEqual({
      count: Math.min(many.length, FIXED.registeredTools),
      approved: true,
      oldest: over <= 0,
    });
  });

  test('a file that is none is told, and what was known before it counts', async () => {
    const registry = start();
    registry.note([tool('a', '{}')]);
    await waitFor(async () => readTools(folder)[0]);
    writeFileSync(path.join(folder, 'tools.json'), 'nonsense with text');
    await waitFor(async () => errors[0]);
    expect(errors).toEqual([`${path.join(folder, 'tools.json')} is not a list of tools`]);
    expect(registry.known().find(SOURCE, 'a')).toBeDefined();
  });
});
