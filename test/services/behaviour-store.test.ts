import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/lib/errors.ts';
import { type BehaviourStore, behaviourFile, openBehaviourStore, readKept } from '../../src/services/behaviour-store.ts';
import { fullDisk } from '../support/full-disk.ts';
import { waitFor } from '../support/processes.ts';

const PIECES = [{ kind: 'head' }, { numbers: Float64Array.of(1, 2, 3), text: 'ä'.repeat(5_000) }, { none: undefined }];

let folder: string;
let file: string;
let errors: unknown[];
let changes: number;
const open: BehaviourStore[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-kept-'));
  file = behaviourFile(folder, '127.0.0.1:9000');
  errors = [];
  changes = 0;
});
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(snapshot: () => Iterable<unknown>, everyMs?: number): BehaviourStore {
  const onError = (error: unknown) => errors.push(error);
  const store = openBehaviourStore({ file, snapshot, changes: () => changes, onError, ...(everyMs !== undefined && { everyMs }) });
  open.push(store);
  return store;
}

async function saved(pieces: Iterable<unknown> = PIECES): Promise<void> {
  const store = start(() => pieces);
  changes++;
  await store.close();
}

const read = (bytesMax = 1e9) => readKept(file, bytesMax, (pieces) => [...pieces]);
const taken = () => {
  const kept = read();
  return kept.kind === 'read' ? kept.taken : kept.kind;
};
const files = () => readdirSync(path.dirname(file));

describe('what is kept', () => {
  test('comes back, in one file that only its owner reads', async () => {
    await saved();
    expect(read()).toEqual({ kind: 'read', savedUnixMs: statSync(file).mtimeMs, taken: PIECES });
    expect(files()).toEqual(['127.0.0.1%3A9000.bin']);
    expect([statSync(file).mode & 0o777, statSync(path.dirname(file)).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(errors).toEqual([]);
  });

  test('is nothing without a file, and nothing is written where nothing is new', async () => {
    expect(taken()).toBe('none');
    const store = start(() => PIECES);
    await store.close();
    expect(taken()).toBe('none');
  });

  test('is written again and again, and what is new since then at the end', async () => {
    const store = start(() => [changes], 1);
    for (const change of [1, 2, 3]) {
      changes = change;
      await waitFor(() => JSON.stringify(taken()) === `[${change}]` || undefined);
    }
    changes = 4;
    await store.close();
    expect(taken()).toEqual([4]);
  });

  test('lets other work be done between two pieces', async () => {
    const turns: number[] = [];
    let turn = 0;
    const ticking = setInterval(() => turn++, 0);
    const store = start(function* () {
      for (let piece = 0; piece < 50; piece++) {
        turns.push(turn);
        yield new Uint8Array(1_000_000);
      }
    });
    changes++;
    await store.close();
    clearInterval(ticking);
    expect(turns.at(-1)).toBeGreaterThan(turns[0]!);
  });

  test('is what was kept before until the last piece is written', async () => {
    await saved();
    const seen: unknown[] = [];
    await saved(
      (function* () {
        yield 'new';
        seen.push(taken());
        yield 'end';
      })(),
    );
    expect([seen, taken()]).toEqual([[PIECES], ['new', 'end']]);
  });

  test.each([
    ['127.0.0.1:9000', '127.0.0.1%3A9000.bin'],
    ['[::1]:9000', '%5B%3A%3A1%5D%3A9000.bin'],
    ['unix:/run/../sluice.sock', 'unix%3A%2Frun%2F..%2Fsluice.sock.bin'],
    [`unix:/${'ä'.repeat(50)}`, 'HASH.bin'],
  ])('of %s lies in the file %s', (address, name) => {
    const hash = createHash('sha256').update(address).digest('hex');
    expect(behaviourFile('/state', address)).toBe(`/state/behaviour/${name.replace('HASH', hash)}`);
  });
});

describe('a file that is not as it was written', () => {
  const ends = 'the file ends too early';
  const broken = 'the file is not whole';
  test.each<readonly [string, (bytes: Buffer) => Buffer, string]>([
    ['is empty', () => Buffer.alloc(0), broken],
    ['has lost its last byte', (bytes) => bytes.subarray(0, -1), broken],
    ['ends with a piece', (bytes) => bytes.subarray(0, -8), broken],
    ['ends within a piece', (bytes) => bytes.subarray(0, 100), broken],
    ['has one more byte', (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]), broken],
    ['has one more end', (bytes) => Buffer.concat([bytes, Buffer.alloc(8)]), broken],
    ['has another byte', (bytes) => bytes.fill(bytes[200]! ^ 1, 200, 201), broken],
    ['has another length', (bytes) => bytes.fill(bytes[0]! + 1, 0, 1), broken],
    ['is something else', () => Buffer.from('{"version": 1, "agents": []}\n'), broken],
    ['is all zeros', (bytes) => Buffer.alloc(bytes.length), broken],
  ])('and %s is refused', async (_, change, message) => {
    await saved();
    writeFileSync(file, change(readFileSync(file)));
    expect(taken).toThrow(message);
  });

  test('and gets shorter while it is read is refused', async () => {
    await saved();
    const shorten = (pieces: Iterable<unknown>) => {
      writeFileSync(file, '');
      return [...pieces];
    };
    expect(() => readKept(file, 1e9, shorten)).toThrow(ends);
  });

  test.each([
    [1, 'read'],
    [0, 'read'],
    [-1, 'too-large'],
  ])('is read when %i bytes more are allowed than it has: %s', async (more, kind) => {
    await saved();
    expect(read(statSync(file).size + more).kind).toBe(kind);
  });

  test('and cannot be opened is told with its place', () => {
    mkdirSync(file, { recursive: true });
    expect(taken).toThrow(AppError);
  });
});

describe('where it cannot be written', () => {
  test('it is told once, what was kept before stays, and it is written when it can be again', async () => {
    await saved();
    const end = await fullDisk(folder);
    let tries = 0;
    const store = start(() => {
      tries++;
      return [changes];
    }, 1);
    changes = 7;
    await waitFor(() => tries > 3 || undefined);
    expect([errors.map(String), taken()]).toEqual([[expect.stringMatching(/^Error: 10 of \d+ bytes were written$/)], PIECES]);
    end();
    await waitFor(() => JSON.stringify(taken()) === '[7]' || undefined);
    const again = await fullDisk(folder);
    changes = 8;
    await store.close();
    again();
    expect([errors.length, taken(), files()]).toEqual([2, [7], ['127.0.0.1%3A9000.bin']]);
  });

  test('as in a folder that is none, it is told', async () => {
    writeFileSync(path.dirname(file), '');
    await saved();
    expect(errors).toMatchObject([{ code: 'EEXIST' }]);
  });

  test('a draft that a killed process left is removed', async () => {
    await saved();
    writeFileSync(`${file}.left-behind`, 'half');
    writeFileSync(`${behaviourFile(folder, '127.0.0.1:9001')}.other`, 'another filter writes');
    await saved(['new']);
    expect(files().toSorted()).toEqual(['127.0.0.1%3A9000.bin', '127.0.0.1%3A9001.bin.other']);
  });

  test('a snapshot that fails is told, and costs nothing that was kept', async () => {
    await saved();
    await saved(
      (function* () {
        yield 1;
        throw new Error('a bug of ours');
      })(),
    );
    expect([errors.map(String), taken(), files().length]).toEqual([['Error: a bug of ours'], PIECES, 1]);
  });
});
