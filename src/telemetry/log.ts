import { styleText } from 'node:util';
import { type Logger, pino } from 'pino';
import type { ExchangeRecord } from '../exchange/events.ts';
import type { Finding } from '../policy/finding.ts';
import { type Redact, safeName, templatePath } from './path-template.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * The process's log: one JSON object a line on stderr, written synchronously so that the last words of a crash arrive. Callers put fixed
 * sentences, names of ours and numbers into it, never text from traffic.
 */
export function createLog({ level = 'info' }: { readonly level?: LogLevel } = {}): Logger {
  return pino(
    { name: 'sluice', level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: errorCode } },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** An error's class, code and stack positions; its message may quote what it choked on. */
function errorCode(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return { type: error.name, code: 'code' in error ? error.code : undefined, stack: frames.slice(0, 10).join('\n') };
}

/** How `findingLine` looks. */
export interface LineStyle {
  /** ANSI colours. Default false. */
  readonly color?: boolean;
  readonly redact?: Redact;
}

/**
 * One readable line for a finding, columns aligned for the usual lengths:
 * `deny    injection.direct     high      request  user            POST /v1/chat/completions  gpt-4o`.
 * The first word is what was done; one that policy wanted and did not get done follows in brackets, `observe (deny)`.
 */
export function findingLine(record: ExchangeRecord, finding: Finding, { color = false, redact }: LineStyle = {}): string {
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text;
  const done = finding.taken === finding.action ? finding.taken : `${finding.taken} (${finding.action})`;
  const target = `${safeName(record.method, redact, 10)} ${templatePath(record.path, redact)}`;
  const columns = [
    paint(ACTION_COLORS[finding.taken], done.padEnd(ACTION_WIDTH)),
    paint('bold', finding.detector.padEnd(DETECTOR_WIDTH)),
    finding.severity.padEnd(SEVERITY_WIDTH),
    finding.direction.padEnd(DIRECTION_WIDTH),
    finding.lane.padEnd(LANE_WIDTH),
    target,
    finding.subject === undefined ? '' : paint('bold', finding.subject),
    record.facts.model === undefined ? '' : paint('dim', safeName(record.facts.model, redact, 40)),
  ];
  return columns
    .filter((column) => column !== '')
    .join('  ')
    .trimEnd();
}

const [ACTION_WIDTH, DETECTOR_WIDTH, SEVERITY_WIDTH, DIRECTION_WIDTH, LANE_WIDTH] = [7, 20, 8, 8, 14];
const ACTION_COLORS = { deny: 'red', redact: 'yellow', tokenize: 'yellow', observe: 'cyan' } as const;
