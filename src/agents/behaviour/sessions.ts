import { FIXED } from '../../lib/limits.ts';
import type { Agents } from './agents.ts';
import type { ToolUse } from './event.ts';
import type { Subject } from './finding.ts';
import type { Fingerprints } from './fingerprint.ts';
import { KINDS } from './kinds.ts';
import { type CurrentPolicy, expectation, type Moment, type Sighting } from './sighting.ts';
import { countFrequent, type Frequent, halveFrequent } from './sketch.ts';
import { createTable, type Table } from './table.ts';
import type { UsualCalls } from './usual-calls.ts';

const CALLS = 8;
/** What is repeated less than this part of the floor is no habit, and not worth a row. */
const HABIT_SHARE = 4;

const FIELDS = {
  window: { type: 'f64', length: 1 },
  turnMs: { type: 'f64', length: 1 },
  turnCalls: { type: 'u16', length: 1 },
  calls: { type: 'u32', length: CALLS },
  counts: { type: 'u16', length: CALLS },
  errors: { type: 'u16', length: CALLS },
} as const;

/** Who calls tools: a session of an agent, or what is known instead of one. */
export interface Caller {
  readonly fingerprint: number;
  readonly agentRow: number;
  readonly subject: Subject;
}

export interface Sessions {
  readonly table: Table<keyof typeof FIELDS>;
  observe(use: TurnUse, caller: Caller, moment: Moment): readonly Sighting[];
}

export interface TurnUse {
  readonly tools: readonly ToolUse[];
  /** Fingerprints of the same tools, below their agent. */
  readonly toolPrints: readonly number[];
  /** Tool calls of the turn so far, these included; undefined: the session's since its last pause. */
  readonly turnCalls: number | undefined;
}

export interface SessionsOptions {
  readonly rowsMax: number;
  readonly policy: CurrentPolicy;
  readonly agents: Agents;
  readonly usualCalls: UsualCalls;
  readonly fingerprints: Fingerprints;
}

/** Calls of tools in one session: loops of the same call, and how many one turn makes. */
export function createSessions({ rowsMax, policy, agents, usualCalls, fingerprints }: SessionsOptions): Sessions {
  const table = createTable({ rowsMax, fields: FIELDS });

  const frequentOf = (row: number): Frequent => ({
    keys: { column: table.columns.calls, start: row * CALLS, length: CALLS },
    counts: table.columns.counts,
    errors: table.columns.errors,
  });

  /** The last window and half of the one before, a quarter …: a loop does not end where a window does. */
  function enterWindow(row: number, { ms }: Moment): void {
    const window = Math.floor(ms / policy().rules.loop.windowMs);
    const windows = table.columns.window;
    const passed = Math.abs(window - windows[row]!);
    for (let at = 0; at < Math.min(passed, 16); at++) halveFrequent(frequentOf(row));
    windows[row] = window;
  }

  function loopOf({ name, argumentsHash }: ToolUse, toolPrint: number, caller: Caller, row: number, moment: Moment): Sighting | undefined {
    const fingerprint = fingerprints.of(KINDS.call, argumentsHash, toolPrint);
    const seen = countFrequent(frequentOf(row), fingerprint >>> 0);
    const rule = policy().rules.loop;
    if (seen <= rule.floor / HABIT_SHARE) return undefined;
    const { expected, basis } = expectation(rule, usualCalls.bound({ fingerprint, seen }, caller.agentRow, moment));
    if (seen <= expected) return undefined;
    const object = { kind: 'tool', name } as const;
    return { name: 'loop', subject: caller.subject, object, measure: 'repeats', expected, seen, windowMs: rule.windowMs, basis };
  }

  /** Over MCP: calls without a pause between them. */
  function turnNow(row: number, made: number, { ms }: Moment): number {
    const { turnMs, turnCalls } = table.columns;
    const goesOn = Math.abs(ms - turnMs[row]!) <= FIXED.turnPauseMs;
    turnMs[row] = ms;
    turnCalls[row] = Math.min(0xffff, (goesOn ? turnCalls[row]! : 0) + made);
    return turnCalls[row]!;
  }

  function turnOf(seen: number, { agentRow, subject }: Caller, moment: Moment): Sighting | undefined {
    const rule = policy().rules['turn-calls'];
    const { expected, basis } = expectation(rule, agents.dailyBound(agentRow, 'toolCalls', seen, moment));
    return seen > expected ? { name: 'turn-calls', subject, measure: 'toolCalls', expected, seen, windowMs: 0, basis } : undefined;
  }

  return {
    table,
    observe({ tools, toolPrints, turnCalls }, caller, moment) {
      const row = table.open(caller.fingerprint);
      enterWindow(row, moment);
      const sightings: Sighting[] = [];
      for (const [at, tool] of tools.entries()) {
        const loop = loopOf(tool, toolPrints[at]!, caller, row, moment);
        if (loop !== undefined) sightings.push(loop);
      }
      const turn = turnOf(turnCalls ?? turnNow(row, tools.length, moment), caller, moment);
      if (turn !== undefined) sightings.push(turn);
      return sightings;
    },
  };
}
