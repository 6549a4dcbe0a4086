import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { envoyVersion } from '../../test/support/envoy.ts';

export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly memoryGB: number;
}

export function machine(): Machine {
  return { cores: cpus().length, model: cpus()[0]?.model ?? 'unknown', memoryGB: Math.round(totalmem() / 1e9) };
}

/** Of what every bench runs with; `commit` ends in `+` when files that git knows are changed. */
export function versions(): Readonly<Record<string, string>> {
  return { node: process.version, commit: commit(), envoy: orUnknown(envoyVersion) };
}

function commit(): string {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  return orUnknown(
    () => `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain', '-uno', '--', '../../src') === '' ? '' : '+'}`,
  );
}

function orUnknown(read: () => string): string {
  try {
    return read();
  } catch {
    return 'unknown';
  }
}
