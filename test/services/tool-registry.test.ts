import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../src/agents/integrity/fingerprint.ts';
import type { SeenTool } from '../../src/agents/integrity/integrity.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { lockedSoon } from '../../src/services/locked-file.ts';
import { readTools, readToolsSoon } from '../../src/services/tool-file.ts';
import { changeTools, openToolRegistry, standingOf, type ToolRegistry, withSeen } from '../../src/services/tool-registry.ts';
import { fullDisk } from '../support/full-disk.ts';
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
  afterEach(async () => {
    await Promise.all(open.splice(0).map((registry) => registry.close()));
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

  test('a disk that fills up leaves the list as it was, and says so', async () => {
    const registry = start();
    registry.note([tool('a', '{}')]);
    await registry.close();
    const again = await fullDisk(folder);
    const other = start();
    other.note([tool('b', '{}')]);
    await other.close();
    again();
    expect(readTools(folder).map(({ name }) => name)).toEqual(['a']);
    expect(errors.length).toBeGreaterThan(0);
  });

  test('what waits is written at the end, and two at once lose nothing', async () => {
    const [one, other] = [start(), start()];
    one.note([tool('a', '{}')]);
    other.note([tool('b', '{}')]);
    await Promise.all([one.close(), other.close()]);
    expect(readTools(folder).map(({ name }) => name)).toEqual(expect.arrayContaining(['a', 'b']));
    expect(readTools(folder)).toHaveLength(2);
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

  test('a name that must not be kept is not', async () => {
    const registry = start();
    registry.note([tool('secret-1', '{}'), tool('fine', '{}')]);
    await registry.close();
    expect(readFileSync(path.join(folder, 'tools.json'), 'utf8')).not.toContain('secret-1');
    expect(readTools(folder)).toHaveLength(1);
  });

  const namesOf = () => readTools(folder).map(({ name }) => name);
  const from = (server: string, name: string, definition = '{}'): SeenTool => ({ ...tool(name, definition), server });
  const listOf = (server: string, count: number) => Array.from({ length: count }, (_, at) => from(server, `${server} ${at}`));

  test.each([-1, 0, 1])('of %d tools more than it holds of a source, the new name is not taken', (over) => {
    const count = FIXED.registeredToolsOfSource + over;
    changeTools(folder, (tools) => withSeen(tools, listOf(SERVER, count), 1));
    expect(namesOf()).toEqual(listOf(SERVER, Math.min(count, FIXED.registeredToolsOfSource)).map(({ name }) => name));
  });

  test('a server that offers ever new names pushes out neither its own first sights nor those of others', () => {
    changeTools(folder, (tools) => withSeen(tools, [from('victim.example/mcp', 'pay'), from('junk.example/mcp', 'pay')], 1));
    for (let list = 0; list < 20; list++)
      changeTools(folder, (tools) => withSeen(tools, listOf(`junk.example/${list}`, FIXED.toolsSeen), 2 + list));
    changeTools(folder, (tools) => withSeen(tools, [from('junk.example/mcp', 'pay', '{"description":"b"}')], 99));
    const pay = readTools(folder).filter(({ name }) => name === 'pay');
    expect(pay.map((one) => [one.server, standingOf(one)])).toEqual([
      ['victim.example/mcp', 'unapproved'],
      ['junk.example/mcp', 'changed'],
    ]);
    expect(namesOf()).toHaveLength(FIXED.registeredToolsOfSource + 1);
  });

  test.each([-1, 0, 1])('of %d tools more than it holds at all, the source with most gives up what it showed last', (over) => {
    const sources = Math.ceil(FIXED.registeredTools / FIXED.registeredToolsOfSource);
    const each = Math.floor(FIXED.registeredTools / sources);
    const first = listOf('s0.example', each + (FIXED.registeredTools - each * sources) + over);
    const all = [...first, ...Array.from({ length: sources - 1 }, (_, at) => listOf(`s${at + 1}.example`, each)).flat()];
    changeTools(folder, (tools) => withSeen(tools, all, 1));
    const names = namesOf();
    expect({ count: names.length, last: names.includes(first.at(-1)!.name), others: names.includes(all.at(-1)!.name) }).toEqual({
      count: Math.min(all.length, FIXED.registeredTools),
      last: over <= 0,
      others: true,
    });
  });

  test('an approved tool stays though there are too many', () => {
    const approved = { by: 'ann', reason: 'first of all', fingerprint: fingerprintOf('{}'), atUnixMs: 1 };
    const many = Array.from({ length: FIXED.registeredTools + 1 }, (_, at) => from(`s${at}.example`, 't'));
    const all = many.flatMap((one) => withSeen([], [one], 1));
    changeTools(folder, () => [...all.slice(0, -1), { ...all.at(-1)!, approved }]);
    const kept = readTools(folder);
    expect([kept.length, kept.some((one) => one.approved !== undefined)]).toEqual([FIXED.registeredTools, true]);
  });

  test.each([-1, 0, 1])('of %d units of text more than it keeps, a definition is a fingerprint alone', (over) => {
    const definition = 'x'.repeat(FIXED.registeredTextUnits / 128);
    const texts = Array.from({ length: 127 }, (_, at) => ({ ...tool(`t${at}`, '{}'), definition }));
    const last = { ...tool('last', '{}'), definition: 'x'.repeat(definition.length + over) };
    const kept = withSeen([], [...texts, last], 1).find(({ name }) => name === 'last');
    expect([kept?.latest.definition !== undefined, kept?.latest.fingerprint]).toEqual([over <= 0, fingerprintOf('{}')]);
  });

  const long = (count: number): readonly SeenTool[] =>
    Array.from({ length: count }, (_, at) => ({ ...from(`s${at % 16}.example`, `t${at}`), definition: `"${'x\\n'.repeat(300)}"` }));

  test.each([0, 1, 31, 32, 33, 2_000])('a list of %d tools is the same, read in slices or at once, also as one line', async (count) => {
    changeTools(folder, (tools) => [...withSeen(tools, long(count), 1)]);
    const whole = readTools(folder);
    expect(whole).toHaveLength(count);
    expect(await readToolsSoon(folder)).toEqual(whole);
    writeFileSync(path.join(folder, 'tools.json'), JSON.stringify({ version: 1, tools: whole }));
    expect(await readToolsSoon(folder)).toEqual(whole);
  });

  test('a long list is written while other work goes on, and what is seen meanwhile comes after it', async () => {
    const registry = start();
    const many = long(2_000);
    registry.note(many);
    const states = new Set<number>();
    let turns = 0;
    while (!states.has(many.length)) {
      await nextTurn();
      if (existsSync(path.join(folder, `tools.json.${process.pid}`)) && turns++ === 3) registry.note([tool('meanwhile', '{}')]);
      states.add(readTools(folder).length);
    }
    expect(turns).toBeGreaterThan(20);
    expect([...states]).toEqual([0, many.length]);
    await registry.close();
    expect(namesOf()).toEqual([...many.map(({ name }) => name), 'meanwhile']);
    expect(registry.known().find(SOURCE, 'meanwhile')).toBeDefined();
  });

  test('what is seen while a list is written is written by the end, whenever that comes', async () => {
    const registry = start();
    registry.note(long(2_000));
    while (!existsSync(path.join(folder, `tools.json.${process.pid}`))) await nextTurn();
    registry.note([tool('last', '{}')]);
    await registry.close();
    expect(namesOf()).toHaveLength(2_001);
    expect(errors).toEqual([]);
  });

  test('a process that is killed while it writes leaves the list as it was, and the next one writes', async () => {
    changeTools(folder, (tools) => withSeen(tools, [tool('before', '{}')], 1));
    const modules = [
      '../../src/services/tool-file.ts',
      '../../src/services/tool-registry.ts',
      '../../src/agents/integrity/fingerprint.ts',
    ].map((file) => JSON.stringify(new URL(file, import.meta.url).href));
    const script = `const [{ rewriteToolsSoon }, { withSeen }, { fingerprintOf }] = await Promise.all([${modules.join()}].map((one) => import(one)));
const seen = Array.from({ length: 4000 }, (_, at) => ({ origin: 'offered', server: 's' + (at % 16), name: 't' + at, fingerprint: fingerprintOf('{}'), definition: 'x'.repeat(2000) }));
for (let at = 0; ; at++) await rewriteToolsSoon(process.argv[1], (tools) => [...tools.slice(0, 1), ...withSeen([], seen, at)], undefined);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script, folder], { stdio: 'ignore' });
    await waitFor(async () => existsSync(path.join(folder, `tools.json.${child.pid}`)) || undefined);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect([1, 4_001]).toContain(readTools(folder).length);
    expect(namesOf()[0]).toBe('before');
    const registry = start();
    registry.note([tool('after', '{}')]);
    await waitFor(async () => readTools(folder).find(({ name }) => name === 'after'));
    expect(namesOf()[0]).toBe('before');
  });

  test('a lock that another one took is not renewed, and stays', async () => {
    const file = path.join(folder, 'lock');
    const work = lockedSoon(file, async (lock) => {
      lock.renew();
      writeFileSync(file, 'of another');
      lock.renew();
    });
    await expect(work).rejects.toThrow('was taken by another command');
    expect(readFileSync(file, 'utf8')).toBe('of another');
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
