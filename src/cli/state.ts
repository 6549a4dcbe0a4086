import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { makeFolder } from '../services/make-folder.ts';
import { inState } from '../services/state-file.ts';

/** What the last `sluice up` of this user left for other commands to find. */
export interface LastRun {
  readonly pid: number;
  readonly gateway: string;
  readonly inventory: string;
  readonly admin: string;
  /** Envoy's own admin address; undefined when an older version wrote the file. */
  readonly envoyAdmin: string | undefined;
  /** The inventory's SQLite file. */
  readonly database: string;
  /** OpenAPI files of the declared API. */
  readonly openapi: readonly string[];
}

/** `$XDG_STATE_HOME/sluice`, by default `~/.local/state/sluice`; made when missing, readable by its owner only. Throws `state-unusable`. */
export function stateFolder(): string {
  const folder = path.join(process.env['XDG_STATE_HOME'] || path.join(homedir(), '.local/state'), 'sluice');
  inState(folder, () => makeFolder(folder));
  return folder;
}

export function writeLastRun(run: LastRun): void {
  writeFileSync(lastRunFile(), JSON.stringify(run), { mode: 0o600 });
}

/** The last run, whether it still runs or not; undefined when there was none or its file cannot be read. */
export function readLastRun(): LastRun | undefined {
  try {
    return parseLastRun(JSON.parse(readFileSync(lastRunFile(), 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) return undefined;
    throw error;
  }
}

function lastRunFile(): string {
  return path.join(stateFolder(), 'last-run.json');
}

function parseLastRun(value: unknown): LastRun | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, gateway, inventory, admin, envoyAdmin, database, openapi } = value as Partial<Record<keyof LastRun, unknown>>;
  if (typeof pid !== 'number' || typeof gateway !== 'string' || typeof inventory !== 'string') return undefined;
  if (typeof admin !== 'string' || typeof database !== 'string' || !Array.isArray(openapi)) return undefined;
  return {
    pid,
    gateway,
    inventory,
    admin,
    envoyAdmin: typeof envoyAdmin === 'string' ? envoyAdmin : undefined,
    database,
    openapi: openapi.filter((file) => typeof file === 'string'),
  };
}
