import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FileWatch, watchFiles } from '../../src/cli/file-watch.ts';
import { waitFor } from '../support/processes.ts';

let folder: string;
let watching: FileWatch | undefined;
let changes: number;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-watch-'));
  changes = 0;
});
afterEach(() => {
  watching?.close();
  rmSync(folder, { recursive: true });
});

const at = (name: string) => path.join(folder, name);
const watch = (...names: string[]) => {
  watching = watchFiles(names.map(at), () => changes++);
};
const changed = (times = 1) => waitFor(() => changes === times || undefined);
/** Long enough for a change to be noticed, were it one. */
const quiet = () => delay(600);

/** A volume as Kubernetes mounts it: `file` → `..data/file`, `..data` → a folder of its own for each version. */
function mountVersion(version: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(at(version));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(at(version), name), text);
  symlinkSync(version, at('..data_tmp'));
  renameSync(at('..data_tmp'), at('..data'));
}

describe('watched files', () => {
  test.each([
    ['written in place', () => writeFileSync(at('a'), '2')],
    [
      'renamed over',
      () => {
        writeFileSync(at('new'), '2');
        renameSync(at('new'), at('a'));
      },
    ],
    ['removed', () => rmSync(at('a'))],
    [
      'removed and made again',
      () => {
        rmSync(at('a'));
        writeFileSync(at('a'), '2');
      },
    ],
  ])('are noticed once when they are %s', async (_, change) => {
    writeFileSync(at('a'), '1');
    watch('a');
    change();
    await changed();
    await quiet();
    expect(changes).toBe(1);
  });

  test('are noticed when they appear', async () => {
    watch('a');
    writeFileSync(at('a'), '1');
    await changed();
  });

  test('are noticed through a swapped link, several together, time and again', async () => {
    mountVersion('..1', { 'tls.crt': 'a', 'tls.key': 'a' });
    for (const name of ['tls.crt', 'tls.key']) symlinkSync(`..data/${name}`, at(name));
    watch('tls.crt', 'tls.key');
    for (const version of [2, 3, 4]) {
      mountVersion(`..${version}`, { 'tls.crt': `b${version}`, 'tls.key': `b${version}` });
      rmSync(at(`..${version - 1}`), { recursive: true });
      await changed(version - 1);
    }
  });

  test('are noticed behind a link into another folder', async () => {
    mkdirSync(at('elsewhere'));
    mkdirSync(at('here'));
    writeFileSync(at('elsewhere/a'), '1');
    symlinkSync('../elsewhere/a', at('here/a'));
    watch('here/a');
    writeFileSync(at('elsewhere/a'), '2');
    await changed();
  });

  test('that are written piece by piece count once, when they are whole', async () => {
    writeFileSync(at('a'), '');
    watch('a');
    for (let size = 1; size <= 20; size++) {
      writeFileSync(at('a'), 'x'.repeat(size));
      await delay(15);
    }
    await changed();
    await quiet();
    expect(changes).toBe(1);
  });

  test.each([
    ['another file of the folder', () => writeFileSync(at('b'), '2')],
    ['the same content', () => writeFileSync(at('a'), '1')],
    [
      'a change that was taken back',
      () => {
        writeFileSync(at('a'), '2');
        writeFileSync(at('a'), '1');
      },
    ],
  ])('do not change by %s', async (_, change) => {
    writeFileSync(at('a'), '1');
    watch('a');
    change();
    await quiet();
    expect(changes).toBe(0);
  });

  test('are not noticed any more after close', async () => {
    writeFileSync(at('a'), '1');
    watch('a');
    watching!.close();
    writeFileSync(at('a'), '2');
    await quiet();
    expect(changes).toBe(0);
  });
});
