import { FIXED } from '../../lib/limits.ts';
import { type AgentAmounts, createAgents } from './agents.ts';
import type { BudgetState, BudgetSubject } from './budget.ts';
import { agentBudgets, type BudgetRoom, type BudgetUse, createBudgetBook, roomInMs } from './budgets.ts';
import { type CleanEvent, createEventReader } from './clean-event.ts';
import { createCredentials } from './credentials.ts';
import { createDeniedSubjects } from './denied-subjects.ts';
import type { BehaviourEvent } from './event.ts';
import { BEHAVIOUR_ACTIONS, BEHAVIOUR_NAMES, BEHAVIOURS, type BehaviourAction, type BehaviourFinding, type Subject } from './finding.ts';
import { createFingerprints } from './fingerprint.ts';
import { type BehaviourPiece, createKept, type Restored } from './kept.ts';
import { KINDS } from './kinds.ts';
import { createPlaces } from './places.ts';
import { costMicroUsd, type PriceTable } from './prices.ts';
import { type Caller, createSessions } from './sessions.ts';
import { type BehaviourPolicy, DAY_MS, HOUR_MS } from './settings.ts';
import { COUNTERS, createLocalCounters, periodMs, type SharedCounters } from './shared-counters.ts';
import type { Moment, Sighting } from './sighting.ts';
import { createTable } from './table.ts';
import { createUsualCalls } from './usual-calls.ts';

export interface BehaviourOptions {
  readonly policy: BehaviourPolicy;
  readonly prices: PriceTable;
  /** The installation's key: fingerprints are made with it, so that nobody outside can make two names meet. */
  readonly key: Uint8Array;
  /** Where budgets are counted. Default: in this process. */
  readonly counters?: SharedCounters;
  /** How many rows are remembered. Default `FIXED.behaviour…`. */
  readonly capacity?: Partial<BehaviourCapacity>;
}

/** The most that is remembered of each kind; beyond it the least recently seen is forgotten, and counted. */
export interface BehaviourCapacity {
  readonly agents: number;
  /** An agent with an endpoint, a tool or a model. */
  readonly pairs: number;
  /** Of those, places where ids stood. */
  readonly places: number;
  readonly sessions: number;
  /** Calls that an agent repeats. */
  readonly usualCalls: number;
  readonly credentials: number;
  /** Budget counters: a subject with a measure and a window. */
  readonly counters: number;
}

/** What is remembered, by table, and what was left out; for metrics. */
export interface BehaviourStats {
  readonly tables: Readonly<Record<keyof BehaviourCapacity, { readonly held: number; readonly forgotten: number; readonly bytes: number }>>;
  /** Exchanges with tokens of a model that the price table does not have. */
  readonly unpriced: number;
  /** Fields of events that were no sensible number and counted as 0, and times that were not believed. */
  readonly malformed: number;
  /** Findings held back because the same one stands already. */
  readonly repeated: number;
  /** Tools and ids of one exchange over its bound, not looked at. */
  readonly overBound: number;
}

/** Behaviour of agents over time. Nothing here waits, throws on bad input, or knows the time but from events. */
export interface Behaviour {
  /** Takes one finished exchange into account. The findings are those that begin with it, or stand anew after a silence. */
  observe(event: BehaviourEvent): readonly BehaviourFinding[];
  /** Whether the budgets have room for one more request of these subjects, and whether a finding with action `deny` stands for one of them. */
  check(subject: BudgetSubject, nowMs: number): BudgetState;
  /** As `check`; and what is not refused is counted at once, so that many that come together do not all fit into what is left for one. */
  admit(subject: BudgetSubject, nowMs: number): Admission;
  /** Counts requests that were let through already; returns whether their budgets have ample room for more. */
  admitted(subject: BudgetSubject, requests: number, nowMs: number): boolean;
  /** Somebody has looked: what stands for this agent is how it behaves from now on, and is learned. */
  accept(agent: string): void;
  /** A new policy, at a reload; what was learned stays. */
  configure(policy: BehaviourPolicy, prices: PriceTable): void;
  stats(): BehaviourStats;
  /**
   * All of it, in pieces of bounded cost that are copied when they are asked for; exchanges may be observed between two of them. Each row of
   * a table and each subject that is denied is whole, as of the time of its piece.
   */
  snapshot(): Generator<BehaviourPiece>;
  /** Takes the pieces of a snapshot for what it knew, before the first event. Other than `restored`, and where `pieces` throws: it knows nothing. */
  restore(pieces: Iterable<unknown>): Restored;
}

const CAPACITY: BehaviourCapacity = {
  agents: FIXED.behaviourAgents,
  pairs: FIXED.behaviourPairs,
  places: FIXED.behaviourPlaces,
  sessions: FIXED.behaviourSessions,
  usualCalls: FIXED.behaviourUsualCalls,
  credentials: FIXED.behaviourCredentials,
  counters: FIXED.behaviourCounters,
};

export interface Admission {
  readonly state: BudgetState;
  /** Of the budgets that have no room, those that had some until now: once in a budget's period, and not more often than once in an hour. */
  readonly begins: readonly BehaviourFinding[];
  /** Whether the budgets have so much room that others may be let through for a moment without being asked about. */
  readonly isAmple: boolean;
}

/** Fingerprints of what one exchange names, below its agent. */
interface Prints {
  readonly agent: number;
  /** 0: none. */
  readonly endpoint: number;
  readonly tools: readonly number[];
}

export function createBehaviour({ policy: firstPolicy, prices: firstPrices, key, counters, capacity }: BehaviourOptions): Behaviour {
  let policy = firstPolicy;
  let prices = firstPrices;
  let [unpriced, repeated] = [0, 0];
  const rows = { ...CAPACITY, ...capacity };
  const fingerprints = createFingerprints(key);
  const reader = createEventReader();
  const agents = createAgents(rows.agents, () => policy);
  const pairs = createTable({ rowsMax: rows.pairs, fields: { seen: { type: 'u8', length: 1 } } });
  const places = createPlaces(rows.places, () => policy, agents, fingerprints);
  const usualCalls = createUsualCalls(rows.usualCalls, () => policy, agents);
  const sessions = createSessions({ rowsMax: rows.sessions, policy: () => policy, agents, usualCalls, fingerprints });
  const credentials = createCredentials(rows.credentials, () => policy);
  const local = createLocalCounters(rows.counters);
  const told = createTable({ rowsMax: rows.counters, fields: { period: { type: 'f64', length: COUNTERS.length } } });
  const denied = createDeniedSubjects(rows.counters);
  let book = createBudgetBook(policy, counters ?? local, fingerprints);
  const tables = {
    agents: agents.table,
    pairs,
    places: places.table,
    sessions: sessions.table,
    usualCalls: usualCalls.table,
    credentials: credentials.table,
    counters: local.table,
  } as const satisfies Record<keyof BehaviourCapacity, unknown>;
  const kept = createKept({
    ...{ tables: { ...tables, told }, places: [...BEHAVIOUR_NAMES, ...COUNTERS], denied, reader },
    keyId: fingerprints.keyId,
  });

  const printOf = ({ kind, name }: Subject): number => fingerprints.of(KINDS[kind], name, 0);

  function observe(raw: BehaviourEvent): readonly BehaviourFinding[] {
    const event = reader.read(raw);
    const prints = printsOf(event);
    const row = agents.open(prints.agent, event.moment);
    const sightings: Sighting[] = [];
    firstUses(event, prints, row, sightings);
    agents.observe(row, amountsOf(event, prints), { subject: event.agent, moment: event.moment, sightings });
    if (event.ids.length > 0 || event.tools.length > 0) sightings.push(...idsSeen(event, prints, row));
    const findings: BehaviourFinding[] = [];
    if (event.tools.length > 0) {
      const turnCalls = event.turnCalls ?? (event.endsByPause ? undefined : event.tools.length);
      sightings.push(...sessions.observe({ tools: event.tools, toolPrints: prints.tools, turnCalls }, callerOf(event, row), event.moment));
      findings.push(...turnBudget(event, turnCalls ?? event.tools.length));
    }
    for (const sighting of sightings) if (isNews(sighting, row, event.moment)) findings.push(findingOf(sighting, event.moment));
    const shared = credentialShared(event, prints.agent);
    if (shared !== undefined) findings.push(shared);
    findings.push(...budgetsSpent(event));
    return findings;
  }

  function printsOf({ agent, endpoint, tools }: CleanEvent): Prints {
    const print = printOf(agent);
    return {
      agent: print,
      endpoint: endpoint === undefined ? 0 : fingerprints.of(KINDS.endpoint, endpoint, print),
      tools: tools.map(({ name }) => fingerprints.of(KINDS.tool, name, print)),
    };
  }

  /** Names the agent never used; before it is known they are only remembered. */
  function firstUses({ agent, endpoint, tools, model, moment }: CleanEvent, prints: Prints, row: number, sightings: Sighting[]): void {
    const known = agents.isKnown(row, moment.day);
    const use = (kind: 'endpoint' | 'tool' | 'model', name: string, print: number): void => {
      const pair = pairs.open(print);
      const seen = pairs.columns.seen;
      if (seen[pair] === 1) return;
      seen[pair] = 1;
      const found = { measure: 'firstUse', expected: 0, seen: 1, windowMs: DAY_MS, basis: 'learned' } as const;
      if (known) sightings.push({ name: `new-${kind}`, subject: agent, object: { kind, name }, ...found });
    };
    if (endpoint !== undefined) use('endpoint', endpoint, prints.endpoint);
    for (const [at, { name }] of tools.entries()) use('tool', name, prints.tools[at]!);
    if (model !== undefined) use('model', model, fingerprints.of(KINDS.model, model, prints.agent));
  }

  /** Ids by endpoint and by tool. */
  function idsSeen({ agent, endpoint, ids, tools, moment }: CleanEvent, prints: Prints, row: number): readonly Sighting[] {
    const user = { row, subject: agent };
    const atTools = tools.flatMap(({ name, ids: inArguments }, at) =>
      inArguments.length === 0
        ? []
        : places.observe({ fingerprint: prints.tools[at]!, object: { kind: 'tool', name }, ids: inArguments }, user, moment),
    );
    if (endpoint === undefined || ids.length === 0) return atTools;
    const place = { fingerprint: prints.endpoint, object: { kind: 'endpoint', name: endpoint }, ids } as const;
    return [...places.observe(place, user, moment), ...atTools];
  }

  function callerOf({ agent, session, person }: CleanEvent, agentRow: number): Caller {
    const subject = callerSubject({ agent: agent.name, session, person });
    return { fingerprint: printOf(subject), agentRow, subject };
  }

  /** Whether a sighting is to be told: wanted, and not one that stands already. Nothing is learned of the agent while it stands. */
  function isNews(sighting: Sighting, row: number, moment: Moment): boolean {
    const { name } = sighting;
    if (policy.rules[name].action === 'off') return false;
    const fresh = agents.standing.see(row, { which: BEHAVIOUR_NAMES.indexOf(name), hour: moment.hour, seen: sighting.seen });
    if (policy.rules[name].action === 'deny') denied.hold(findingOf(sighting, moment), printOf(sighting.subject));
    const news = sighting.measure === 'firstUse' ? agents.firstUse(row) : fresh;
    if (!news) repeated++;
    return news;
  }

  function findingOf({ name, ...sighting }: Sighting, { ms }: Moment): BehaviourFinding {
    const { severity, action } = policy.rules[name];
    return {
      id: `behaviour.${name}`,
      family: 'behaviour',
      severity,
      confidence: BEHAVIOURS[name].confidence,
      action: action === 'off' ? 'observe' : action,
      ...sighting,
      unixMs: ms,
      references: BEHAVIOURS[name].references,
    };
  }

  function credentialShared({ credential, address, moment }: CleanEvent, agent: number): BehaviourFinding | undefined {
    if (credential === undefined || policy.rules['shared-credential'].action === 'off') return undefined;
    const subject = { kind: 'credential', name: credential } as const;
    const row = credentials.open(printOf(subject), moment);
    const use = { agent, address: address === undefined ? 0 : fingerprints.of(KINDS.address, address, 0) };
    const sighting = credentials.observe(row, use, subject, moment);
    if (sighting === undefined) return undefined;
    if (policy.rules['shared-credential'].action === 'deny') denied.hold(findingOf(sighting, moment), printOf(subject));
    if (credentials.standing.see(row, { which: 0, hour: moment.hour, seen: sighting.seen })) return findingOf(sighting, moment);
    repeated++;
    return undefined;
  }

  function budgetsSpent(event: CleanEvent): readonly BehaviourFinding[] {
    const { agent, person, endpoint, tools, model, tokens, tokensIn, tokensOut, moment, admitted } = event;
    const cost = model === undefined ? 0 : costMicroUsd(prices, { model, tokensIn, tokensOut });
    if (cost === undefined && tokens > 0) unpriced++;
    if (policy.rules.budget.action === 'off') return [];
    const over = book.spend(
      { agent: agent.name, person, endpoint },
      { requests: admitted ? 0 : 1, tokens, microUsd: cost ?? 0 },
      moment.ms,
    );
    // Each tool has a call of it; of tokens nobody knows which of several tools they were for.
    const all =
      admitted || tools.length === 0 ? over : [...over, ...tools.flatMap(({ name }) => book.spend({ tool: name }, ONE_REQUEST, moment.ms))];
    return all.filter((use) => isNewlyOver(use, moment)).map((use) => budgetFinding(use, moment));
  }

  /** Once in a budget's period, and not more often than once in an hour. */
  function isNewlyOver({ fingerprint, counter }: BudgetUse, { ms }: Moment): boolean {
    const cell = told.open(fingerprint) * COUNTERS.length + COUNTERS.indexOf(counter);
    const periods = told.columns.period;
    const period = Math.floor(ms / Math.max(periodMs(counter), HOUR_MS));
    if (periods[cell] === period) return false;
    periods[cell] = period;
    return true;
  }

  function budgetFinding({ subject, counter, measure, limit, used }: Omit<BudgetUse, 'fingerprint'>, moment: Moment): BehaviourFinding {
    const windowMs = periodMs(counter);
    return findingOf({ name: 'budget', subject, measure, expected: limit, seen: Math.ceil(used), windowMs, basis: 'policy' }, moment);
  }

  /** Tool calls of a turn over the agent's budget: told by the exchange with which it is over. */
  function turnBudget({ agent, tools, moment }: CleanEvent, turnCalls: number): readonly BehaviourFinding[] {
    const limit = agentBudgets(policy, agent.name)?.toolCallsPerTurn;
    if (limit === undefined || policy.rules.budget.action === 'off' || turnCalls <= limit || turnCalls - tools.length > limit) return [];
    return [findingOf(turnOver(agent, limit, turnCalls), moment)];
  }

  function check(subject: BudgetSubject, nowMs: number): BudgetState {
    return stateOf(reader.subject(subject), reader.moment(nowMs)).state;
  }

  function admit(asking: BudgetSubject, nowMs: number): Admission {
    const subject = reader.subject(asking);
    const moment = reader.moment(nowMs);
    const { state, full, isAmple } = stateOf(subject, moment);
    if (state.kind === 'within' || state.action === 'observe') book.spend(subject, ONE_REQUEST, moment.ms);
    return { state, begins: full.filter((use) => isNewlyOver(use, moment)).map((use) => budgetFinding(use, moment)), isAmple };
  }

  function admitted(asking: BudgetSubject, requests: number, nowMs: number): boolean {
    const subject = reader.subject(asking);
    const moment = reader.moment(nowMs);
    book.spend(subject, { requests, tokens: 0, microUsd: 0 }, moment.ms);
    return stateOf(subject, moment).isAmple;
  }

  function stateOf(subject: BudgetSubject, moment: Moment): BudgetRoom & { readonly state: BudgetState } {
    const { full, isAmple } = policy.rules.budget.action === 'off' ? NO_BUDGETS : book.room(subject, moment.ms);
    const held = denied.size === 0 ? [] : SUBJECT_KINDS.flatMap((kind) => heldOf(kind, subject[kind], moment.ms));
    const findings = [...full.map((use) => budgetFinding(use, moment)), ...held.map(({ finding }) => finding)];
    // Of whom an exchange is besides is not known to those who do not ask: while anybody is denied they have to.
    if (findings.length === 0) return { state: WITHIN, full, isAmple: isAmple && denied.size === 0 };
    const untilMs = Math.max(...full.map((use) => moment.ms + roomInMs(use, moment.ms)), ...held.map((one) => one.untilMs));
    return { state: { kind: 'over', action: strongest(findings), findings, retryAfterMs: untilMs - moment.ms }, full, isAmple: false };
  }

  function heldOf(kind: Subject['kind'], name: string | undefined, nowMs: number) {
    if (name === undefined) return [];
    const subject = { kind, name };
    return denied.of(printOf(subject), nowMs).map(({ finding, untilMs }) => ({ finding: { ...finding, subject }, untilMs }));
  }

  function accept(agent: string): void {
    const print = printOf({ kind: 'agent', name: agent });
    denied.release(print);
    const row = agents.table.find(print);
    if (row >= 0) agents.accept(row);
  }

  return {
    observe,
    check,
    admit,
    admitted,
    accept,
    configure(nextPolicy, nextPrices) {
      policy = nextPolicy;
      prices = nextPrices;
      book = createBudgetBook(policy, counters ?? local, fingerprints);
    },
    stats() {
      const all = Object.entries(tables).map(([name, { size, forgotten, bytes }]) => [name, { held: size, forgotten, bytes }] as const);
      const statsOfTables = Object.fromEntries(all) as BehaviourStats['tables']; // one for each table
      return { tables: statsOfTables, unpriced, repeated, malformed: reader.malformed, overBound: reader.overBound };
    },
    snapshot: kept.snapshot,
    restore: kept.restore,
  };
}

const WITHIN: BudgetState = { kind: 'within' };
const NO_BUDGETS: BudgetRoom = { full: [], isAmple: true };
const ONE_REQUEST = { requests: 1, tokens: 0, microUsd: 0 } as const;
const SUBJECT_KINDS = ['agent', 'person', 'session', 'credential', 'endpoint', 'tool'] as const satisfies readonly Subject['kind'][];

function amountsOf(event: CleanEvent, { endpoint, tools }: Prints): AgentAmounts {
  return {
    tokens: event.tokens,
    sensitive: event.sensitive,
    names: endpoint === 0 ? tools : [endpoint, ...tools],
    refused: event.refused,
    denied: event.denied,
  };
}

/** Whose tool calls belong together: the session's, without one the person's, without one the agent's. */
function callerSubject({
  agent,
  session,
  person,
}: {
  readonly agent: string;
  readonly session?: string | undefined;
  readonly person?: string | undefined;
}): Subject {
  if (session !== undefined) return { kind: 'session', name: session };
  return person === undefined ? { kind: 'agent', name: agent } : { kind: 'person', name: person };
}

function turnOver(subject: Subject, limit: number, seen: number): Sighting {
  return { name: 'budget', subject, measure: 'toolCalls', expected: limit, seen, windowMs: 0, basis: 'policy' };
}

function strongest(findings: readonly BehaviourFinding[]): BehaviourAction {
  return BEHAVIOUR_ACTIONS[Math.max(...findings.map(({ action }) => BEHAVIOUR_ACTIONS.indexOf(action)))] ?? 'observe';
}
