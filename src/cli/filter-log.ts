import { say } from './terminal.ts';

/** What the filter's own log says, for the person who runs `sluice up`: the filter logs JSON, this makes lines of it. */
export interface FilterLog {
  /** The addresses in the line that says the filter is ready; undefined for every other line. */
  readyLine(line: string): FilterReady | undefined;
  /** Shows a line: findings as they are, warnings and errors with their origin, the rest not at all. */
  take(line: string): void;
  /** Finding lines held back since the last call (`held`). */
  takeHeld(): readonly HeldFinding[];
}

export interface HeldFinding {
  readonly line: string;
  /** Why a finding that takes a sentence is one. */
  readonly why: string | undefined;
}

export interface FilterReady {
  /** `host:port` or `unix:/path`. */
  readonly listen: string;
  /** URL of the admin address. */
  readonly admin: string;
}

export interface FilterLogOptions {
  /** Findings go to stderr, because stdout carries one JSON line and nothing else. */
  readonly json: boolean;
  /** Keep finding lines for `takeHeld` instead of showing them. */
  readonly held: boolean;
  /** Show what looks like a mistake in the policy. */
  readonly warnsOfPolicy: boolean;
}

/** pino's level of a warning. */
const WARN = 40;

/** Names of the log events that are read here; `serve` writes them. */
export const LOG_EVENT = {
  ready: 'ready',
  finding: 'gen_ai.security.finding',
  uninspected: 'sluice.exchange.uninspected',
  policyWarning: 'policy-warning',
} as const;

export function createFilterLog({ json, held, warnsOfPolicy }: FilterLogOptions): FilterLog {
  const lines: HeldFinding[] = [];
  const show = (line: string, why: string | undefined) => {
    if (held) lines.push({ line, why });
    else if (json) say(line);
    else process.stdout.write(`${line}\n`);
  };
  return {
    readyLine(line) {
      const entry = parseLine(line);
      if (entry?.['event'] !== LOG_EVENT.ready) return undefined;
      return { listen: String(entry['listen']), admin: String(entry['admin']) };
    },
    take(line) {
      const entry = parseLine(line);
      if (entry === undefined) say(`filter: ${line}`);
      else if (entry['event'] === LOG_EVENT.finding)
        show(String(entry['msg']), typeof entry['explanation'] === 'string' ? entry['explanation'] : undefined);
      else if (entry['event'] === LOG_EVENT.policyWarning && !warnsOfPolicy) return;
      else if (Number(entry['level']) >= WARN) say(`filter: ${String(entry['msg'])}${errorPlace(entry['err'])}`);
    },
    takeHeld: () => lines.splice(0),
  };
}

/** Class and first stack position of a logged error: the log keeps no messages, which may quote what they choked on. */
function errorPlace(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('type' in error) || !('stack' in error)) return '';
  return `: ${String(error.type)} ${String(error.stack).split('\n')[0]?.trim() ?? ''}`;
}

function parseLine(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined; // a line of something else: shown as it is
  }
}
