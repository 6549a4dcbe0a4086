import { FIXED } from '../../lib/limits.ts';
import type { BudgetSubject } from './budget.ts';
import type { BehaviourEvent, ObservedId, ToolUse } from './event.ts';
import type { Subject } from './finding.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './settings.ts';
import type { Moment } from './sighting.ts';

/** Callers without a name are one agent. */
export const UNKNOWN_AGENT = 'unknown';

/** An event whose numbers are numbers and whose lists and names are bounded. */
export interface CleanEvent {
  readonly moment: Moment;
  readonly agent: Subject;
  readonly person: string | undefined;
  readonly session: string | undefined;
  readonly turnCalls: number | undefined;
  readonly endsByPause: boolean;
  readonly admitted: boolean;
  readonly credential: string | undefined;
  readonly address: string | undefined;
  readonly endpoint: string | undefined;
  readonly model: string | undefined;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly tokens: number;
  /** Sensitive values of all kinds. */
  readonly sensitive: number;
  readonly tools: readonly ToolUse[];
  readonly ids: readonly ObservedId[];
  readonly refused: boolean;
  readonly denied: boolean;
}

export interface EventReader {
  read(event: BehaviourEvent): CleanEvent;
  /** Who asks, by the names that an event of theirs has. */
  subject(subject: BudgetSubject): BudgetSubject;
  /** The time of a question, believed as the time of an event is. */
  moment(unixMs: number): Moment;
  /** The latest time that was believed, Unix milliseconds; what comes is read as after it. */
  latestMs: number;
  readonly malformed: number;
  readonly overBound: number;
}

/** More than any model reads; a number above it is none of tokens. */
const AMOUNT_MAX = 1e9;
/** Exchanges end out of order by as much; what is later is a clock that was set back. */
const DISORDER_MS = 5 * MINUTE_MS;
/** The last day that fits the tables (year 2149). */
const UNIX_MS_MAX = 65_535 * DAY_MS;
/** Asks for patience, and is no probing. */
const PATIENCE: ReadonlySet<number> = new Set([408, 425, 429]);

/** Reads events so that nothing after it has to doubt: never throws, and counts what it did not believe. */
export function createEventReader(): EventReader {
  let latestMs = 0;
  let malformed = 0;
  let overBound = 0;

  function momentAt(unixMs: number): Moment {
    const believed = Number.isFinite(unixMs) && unixMs > 0 && unixMs <= UNIX_MS_MAX;
    if (!believed) malformed++;
    const isLate = unixMs < latestMs && latestMs - unixMs <= DISORDER_MS;
    if (believed && !isLate) latestMs = unixMs;
    return { ms: latestMs, hour: Math.floor(latestMs / HOUR_MS), day: Math.floor(latestMs / DAY_MS) };
  }

  function amount(value: number | undefined): number {
    if (value === undefined) return 0;
    if (value >= 0 && value <= AMOUNT_MAX) return Math.round(value);
    malformed++;
    return value > AMOUNT_MAX ? AMOUNT_MAX : 0;
  }

  function bounded<T>(items: readonly T[]): readonly T[] {
    if (items.length <= FIXED.behaviourUses) return items;
    overBound += items.length - FIXED.behaviourUses;
    return items.slice(0, FIXED.behaviourUses);
  }

  function tool(use: ToolUse): ToolUse {
    return use.name.length <= FIXED.behaviourNameUnits && use.ids.length <= FIXED.behaviourUses
      ? use
      : { ...use, name: clipped(use.name), ids: bounded(use.ids) };
  }

  function read(event: BehaviourEvent): CleanEvent {
    const { person, session, turnCalls, credential, address, endpoint, model, status = 0, denied } = event;
    const [tokensIn, tokensOut] = [amount(event.tokensIn), amount(event.tokensOut)];
    return {
      moment: momentAt(event.unixMs),
      agent: { kind: 'agent', name: event.agent === undefined ? UNKNOWN_AGENT : clipped(event.agent) },
      person: clippedName(person),
      session: clippedName(session),
      turnCalls: turnCalls === undefined ? undefined : Math.max(event.tools.length, amount(turnCalls)),
      endsByPause: event.endsByPause === true,
      admitted: event.admitted === true,
      credential: clippedName(credential),
      address: clippedName(address),
      endpoint: clippedName(endpoint),
      model: clippedName(model),
      tokensIn,
      tokensOut,
      tokens: tokensIn + tokensOut,
      sensitive: event.sensitive.length === 0 ? 0 : bounded(event.sensitive).reduce((sum, { count }) => sum + amount(count), 0),
      tools: event.tools.length === 0 ? event.tools : bounded(event.tools).map(tool),
      ids: bounded(event.ids),
      refused: !denied && status >= 400 && status < 500 && !PATIENCE.has(status),
      denied,
    };
  }

  return {
    read,
    subject: cleanSubject,
    moment: momentAt,
    get latestMs() {
      return latestMs;
    },
    set latestMs(ms) {
      latestMs = ms;
    },
    get malformed() {
      return malformed;
    },
    get overBound() {
      return overBound;
    },
  };
}

/** The same where no name is too long, as nearly always. */
function cleanSubject(subject: BudgetSubject): BudgetSubject {
  const { agent, person, endpoint, tool, session, credential } = subject;
  const hasLong = isLong(agent) || isLong(person) || isLong(endpoint) || isLong(tool) || isLong(session) || isLong(credential);
  if (!hasLong) return subject;
  return {
    agent: clippedName(agent),
    person: clippedName(person),
    endpoint: clippedName(endpoint),
    tool: clippedName(tool),
    session: clippedName(session),
    credential: clippedName(credential),
  };
}

const isLong = (name: string | undefined): boolean => name !== undefined && name.length > FIXED.behaviourNameUnits;

function clippedName(name: string | undefined): string | undefined {
  return name === undefined ? undefined : clipped(name);
}

/** The first units of a name, copied: a slice would keep all of it in memory. */
function clipped(name: string): string {
  return name.length <= FIXED.behaviourNameUnits ? name : ` ${name.slice(0, FIXED.behaviourNameUnits)}`.slice(1);
}
