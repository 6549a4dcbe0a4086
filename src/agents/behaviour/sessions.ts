import type { Agents } from './agents.ts';
import type { ToolUse } from './event.ts';
import type { Subject } from './finding.ts';
import type { Fingerprints } from './fingerprint.ts';
import { KINDS } from './kinds.ts';
import { type CurrentPolicy, expectation, type Moment, type Sighting } from './sighting.ts';
import { countFrequent, type Frequent, halveFrequent } from './sketch.ts';
import { createTable, type Table } from './table.ts';

const CALLS = 8;

const FIELDS = {
  window: { type: 'f64', length: 1 },
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
  /** Tool calls of the turn so far, these included. */
  readonly turnCalls: number;
}

/** Calls of tools in one session: loops of the same call, and how many one turn makes. */
export function createSessions(rowsMax: number, policy: CurrentPolicy, agents: Agents, fingerprints: Fingerprints): Sessions {
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

  function loopOf(row: number, { name, argumentsHash }: ToolUse, { agentRow, subject }: Caller, moment: Moment): Sighting | undefined {
    const call = fingerprints.of(KINDS.call, argumentsHash, fingerprints.of(KINDS.tool, name, 0));
    const seen = countFrequent(frequentOf(row), call >>> 0);
    const rule = policy().rules.loop;
    const { expected, basis } = expectation(rule, agents.dailyBound(agentRow, 'repeats', seen, moment));
    if (seen <= expected) return undefined;
    const object = { kind: 'tool', name } as const;
    return { name: 'loop', subject, object, measure: 'repeats', expected, seen, windowMs: rule.windowMs, basis };
  }

  function turnOf(seen: number, { agentRow, subject }: Caller, moment: Moment): Sighting | undefined {
    const rule = policy().rules['turn-calls'];
    const { expected, basis } = expectation(rule, agents.dailyBound(agentRow, 'toolCalls', seen, moment));
    return seen > expected ? { name: 'turn-calls', subject, measure: 'toolCalls', expected, seen, windowMs: 0, basis } : undefined;
  }

  return {
    table,
    observe({ tools, turnCalls }, caller, moment) {
      const row = table.open(caller.fingerprint);
      enterWindow(row, moment);
      const loops = tools.map((tool) => loopOf(row, tool, caller, moment));
      return [...loops, turnOf(turnCalls, caller, moment)].filter((sighting) => sighting !== undefined);
    },
  };
}
