import { appendFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { AppError } from '../lib/errors.ts';
import { inState } from '../services/state-file.ts';
import { stateFolder } from './state.ts';

/** Something a person did to the running installation. */
export interface AdminAction {
  readonly action: 'stop' | 'resume' | 'approve' | 'revoke';
  readonly by: string;
  readonly reason: string;
  /** What it was done to: names and ids. */
  readonly detail: Readonly<Record<string, string>>;
}

/** Writes down who did what, when and why: a line of JSON in `admin-actions.jsonl` of the state folder, 0600, only ever added to. Throws `state-unusable`. */
export function appendAdminAction(action: AdminAction): void {
  const line = JSON.stringify({ at: new Date().toISOString(), ...action });
  const file = path.join(stateFolder(), 'admin-actions.jsonl');
  inState(file, () => appendFileSync(file, `${line}\n`, { mode: 0o600 }));
}

/** The same where what was done holds whether it is written down or not. What was in the way; undefined: nothing. */
export function noteAdminAction(action: AdminAction): string | undefined {
  try {
    appendAdminAction(action);
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

/** Who runs this command, for the record. */
export function currentUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 0}`;
  }
}
