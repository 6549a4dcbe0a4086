import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../lib/errors.ts';
import { inState } from '../services/state-file.ts';
import { stateFolder } from './state.ts';

const KEY_BYTES = 32;

/**
 * The key under which credentials and ids are hashed, so that a hash means nothing outside this installation: 32 bytes in a 0600 file
 * of the state folder, made when missing and shared by all processes of the installation. Throws `state-unusable`.
 */
export function installationKey(): Uint8Array {
  const file = path.join(stateFolder(), 'installation.key');
  return inState(file, () => readKey(file) ?? makeKey(file));
}

function readKey(file: string): Uint8Array | undefined {
  try {
    const key = readFileSync(file);
    return key.length === KEY_BYTES ? key : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes beside the file and links it into place: of two processes that start at once, both end with the first one's key. */
function makeKey(file: string): Uint8Array {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, randomBytes(KEY_BYTES), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  const key = readKey(file);
  if (key === undefined)
    throw new AppError('state-unusable', `${file} is not a key of ${KEY_BYTES} bytes`, { next: 'remove it to have a new one made' });
  return key;
}
