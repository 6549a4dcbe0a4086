import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../lib/errors.ts';
import { makeFolder } from '../services/make-folder.ts';

/** A folder of recordings that never holds more than it may: the oldest go first, so that what led to now is there. */
export interface RecordingFolder {
  /** Writes `<time>-<exchange id>.jsonl` and removes what is then too much. False: larger than the folder may be. Rejects with the system's error. */
  write(recording: { readonly exchangeId: string; readonly startUnixMs: number; readonly text: string }): Promise<boolean>;
}

/**
 * Opens a folder (made with 0700; its files are 0600) that holds at most `maxBytes`, in blocks as a disk counts them. Recordings of earlier
 * runs count, other files are left alone. One process writes to a folder. Throws `settings-invalid` when it cannot be written.
 */
export async function openRecordingFolder(folder: string, maxBytes: number): Promise<RecordingFolder> {
  const files = await listRecordings(folder).catch((cause: unknown) => {
    throw new AppError('settings-invalid', `--record ${folder}: the folder cannot be made or read`, { cause });
  });
  let used = files.reduce((sum, { bytes }) => sum + bytes, 0);
  await makeRoom(0);

  async function makeRoom(wanted: number): Promise<void> {
    while (used + wanted > maxBytes) {
      const oldest = files.shift();
      if (oldest === undefined) return;
      used -= oldest.bytes;
      await rm(path.join(folder, oldest.name), { force: true });
    }
  }

  return {
    async write({ exchangeId, startUnixMs, text }) {
      const bytes = inBlocks(Buffer.byteLength(text));
      if (bytes > maxBytes) return false;
      await makeRoom(bytes);
      const name = recordingName(startUnixMs, exchangeId);
      await writeWhole(path.join(folder, name), text);
      files.push({ name, bytes });
      used += bytes;
      return true;
    },
  };
}

const ENDING = '.jsonl';
/** While it is written: a reader never meets half a recording under its name. */
const PARTIAL = '.partial';

async function writeWhole(file: string, text: string): Promise<void> {
  const partial = `${file}${PARTIAL}`;
  try {
    await writeFile(partial, text, { mode: 0o600, flag: 'wx' });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Names sort by time: `20261121T093005.120Z-<exchange id>.jsonl`. */
function recordingName(startUnixMs: number, exchangeId: string): string {
  const time = new Date(startUnixMs).toISOString().replaceAll('-', '').replaceAll(':', '');
  return `${time}-${exchangeId}${ENDING}`;
}

const NAME = /^\d{8}T\d{6}\.\d{3}Z-[\w-]+\.jsonl(?:\.partial)?$/;

/** Disks give space in blocks; thousands of small files take more than their bytes. */
const BLOCK_BYTES = 4096;
const inBlocks = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;

/** Recordings that are there, the oldest first. */
async function listRecordings(folder: string): Promise<{ readonly name: string; readonly bytes: number }[]> {
  makeFolder(folder);
  const names = (await readdir(folder)).filter((name) => NAME.test(name)).toSorted();
  const files: { readonly name: string; readonly bytes: number }[] = [];
  for (const name of names) files.push({ name, bytes: inBlocks((await stat(path.join(folder, name))).size) });
  return files;
}
