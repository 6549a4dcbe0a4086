import { createHash, randomUUID } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { makeFolder } from './make-folder.ts';
import { inState } from './state-file.ts';
import { writeAll } from './write-all.ts';

/*
 * What is known of agents' behaviour, in a file of its own for each address that a filter listens at. A file is a row of pieces, each with
 * its length and its CRC-32 (both 32 bits, little-endian) before it, and a length and a CRC of 0 behind the last one.
 */

const FOLDER = 'behaviour';
const HEADER_BYTES = 8;
/** Names of files end at 255 bytes, and a draft's is longer than its file's. */
const NAME_LENGTH_MAX = 200;

/** The file of the filter at an address, in the state folder. */
export function behaviourFile(folder: string, address: string): string {
  const name = encodeURIComponent(address);
  const fit = name.length <= NAME_LENGTH_MAX ? name : createHash('sha256').update(address).digest('hex');
  return path.join(folder, FOLDER, `${fit}.bin`);
}

/** `none`: there is no such file. `too-large`: it has more bytes than it may have, and was not read. */
export type KeptFile<T> =
  | { readonly kind: 'none' | 'too-large' }
  | { readonly kind: 'read'; readonly savedUnixMs: number; readonly taken: T };

/** Hands the pieces of a file to `take`, one after the other as they are asked for. Throws `state-unusable`, and an `Error` where the file is not whole. */
export function readKept<T>(file: string, bytesMax: number, take: (pieces: Iterable<unknown>) => T): KeptFile<T> {
  return inState(file, () => {
    if (statSync(file, { throwIfNoEntry: false }) === undefined) return { kind: 'none' };
    const descriptor = openSync(file, 'r');
    try {
      const { size, mtimeMs } = fstatSync(descriptor);
      if (size > bytesMax) return { kind: 'too-large' };
      return { kind: 'read', savedUnixMs: mtimeMs, taken: take(piecesOf(descriptor, size)) };
    } finally {
      closeSync(descriptor);
    }
  });
}

function* piecesOf(descriptor: number, size: number): Generator<unknown> {
  for (let left = size - HEADER_BYTES; left >= 0; left -= HEADER_BYTES) {
    const header = bytesOf(descriptor, HEADER_BYTES);
    const [length, crc] = [header.readUInt32LE(0), header.readUInt32LE(4)];
    if (length === 0 && left === 0) return;
    left -= length;
    if (length === 0 || left < 0) break;
    const bytes = bytesOf(descriptor, length);
    if (crc32(bytes) !== crc) break;
    yield deserialize(bytes);
  }
  throw new Error('the file is not whole');
}

/** The next bytes. Throws where the file ends before. */
function bytesOf(descriptor: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let from = 0; from < length; ) {
    const read = readSync(descriptor, bytes, from, length - from, null);
    if (read === 0) throw new Error('the file ends too early');
    from += read;
  }
  return bytes;
}

/** Writes what is known now and then, on its way to a file. */
export interface BehaviourStore {
  /** Writes what is new; the process may end when it has resolved. Never rejects. */
  close(): Promise<void>;
}

export interface BehaviourStoreOptions {
  readonly file: string;
  /** What is known, piece by piece; other work is done between two of them. */
  readonly snapshot: () => Iterable<unknown>;
  /** A number that is another one when there is something new. */
  readonly changes: () => number;
  /** It cannot be written; told again only when it could be in between. */
  readonly onError: (error: unknown) => void;
  /** Time between two files, in milliseconds: what a crash loses. Default: a minute. */
  readonly everyMs?: number;
}

/** Writing takes at most a fiftieth of the time. */
const PAUSES = 50;

/** Keeps no process alive. */
export function openBehaviourStore({ file, snapshot, changes, onError, everyMs = 60_000 }: BehaviourStoreOptions): BehaviourStore {
  let saved = changes();
  let isTold = false;
  let isClosed = false;
  let running: Promise<void> | undefined;
  let timer = setTimeout(due, everyMs).unref();

  async function save(): Promise<void> {
    const now = changes();
    if (now === saved) return;
    try {
      await replacePieces(file, snapshot());
      saved = now;
      isTold = false;
    } catch (error) {
      if (!isTold) onError(error);
      isTold = true;
    }
  }

  async function saveInTime(): Promise<void> {
    const startMs = performance.now();
    await save();
    if (isClosed) return;
    timer = setTimeout(due, Math.max(everyMs, PAUSES * (performance.now() - startMs))).unref();
  }

  function due(): void {
    running = saveInTime();
  }

  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await running;
      await save();
    },
  };
}

/** Readers, and who starts after a crash, see what was there before or all of what is new. */
async function replacePieces(file: string, pieces: Iterable<unknown>): Promise<void> {
  makeFolder(path.dirname(file));
  await removeDrafts(file);
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await writePieces(handle, pieces);
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Those that processes left behind which were killed meanwhile: on one machine nobody else listens at this address. */
async function removeDrafts(file: string): Promise<void> {
  const names = await readdir(path.dirname(file));
  for (const name of names) if (name.startsWith(`${path.basename(file)}.`)) await rm(path.join(path.dirname(file), name), { force: true });
}

async function writePieces(handle: FileHandle, pieces: Iterable<unknown>): Promise<void> {
  for (const piece of pieces) {
    const bytes = serialize(piece);
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32LE(bytes.length, 0);
    header.writeUInt32LE(crc32(bytes), 4);
    await writeAll(handle, [header, bytes]);
  }
  await writeAll(handle, [Buffer.alloc(HEADER_BYTES)]);
  await handle.datasync();
}
