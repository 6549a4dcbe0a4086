import type { BehaviourEvent, ObservedId, ToolUse } from '../agents/behaviour/event.ts';
import { explainFinding } from '../agents/behaviour/explain.ts';
import type { BehaviourFinding } from '../agents/behaviour/finding.ts';
import { createIdObserver } from '../agents/behaviour/fingerprint.ts';
import type { BehaviourPolicy } from '../agents/behaviour/settings.ts';
import type { ExchangeRecord } from '../exchange/events.ts';
import type { RecordedCall } from '../exchange/tool-guard.ts';
import { remembered } from '../lib/remembered.ts';
import { mapSoon } from '../lib/soon.ts';
import type { Finding } from '../policy/finding.ts';
import type { CallerWatch } from '../services/agent-desk.ts';
import { type Redact, safeName, templatePath } from '../telemetry/path-template.ts';
import { mcp } from '../wire/formats/mcp.ts';
import type { BehaviourBook } from './behaviour-book.ts';

export interface CallerWatchOptions {
  /** Of the beginning. */
  readonly policy: BehaviourPolicy;
  readonly book: BehaviourBook;
  /** The installation's. */
  readonly key: Uint8Array;
  /** Keyed hash, hex. */
  readonly hash: (text: string) => string;
  readonly redact: Redact;
}

/** Behaviour over time, told of by exchanges and asked before them: what they are, as plain data for the book. */
export interface BehaviourWatch extends CallerWatch {
  /** A policy that was loaded anew; what was learned stays. */
  configure(policy: BehaviourPolicy): void;
}

export function createCallerWatch({ policy, book, key, hash, redact }: CallerWatchOptions): BehaviourWatch {
  const observeId = createIdObserver(key);
  const template = remembered((path) => templatePath(path, redact));
  const toFinding = (found: BehaviourFinding): Finding => findingOf(found, redact);
  let countsEndpoints = policy.budgets.endpoint !== undefined;

  return {
    admit({ agent, subject: { target, ...subject } }, nowMs) {
      const endpoint = target !== undefined && countsEndpoints ? endpointOf(target, template) : undefined;
      const asked = { agent, subject: { ...subject, endpoint, credential: target?.callerHash }, nowMs };
      return mapSoon(book.admit(asked), (found) => found.map(toFinding));
    },
    admitCall(agent, tool, nowMs) {
      const found = book.admitCall({ agent, subject: { tool }, nowMs });
      const [first] = found;
      if (first === undefined) return undefined;
      const action = found.every((one) => one.action === 'observe') ? 'observe' : 'deny';
      return { action, explanation: explainFinding(first, (name) => safeName(name, redact)) };
    },
    observe(record) {
      // It is over: what its end shows can only be seen. Its own calls it has judged itself.
      return mapSoon(book.observe(eventOf(record, { hash, observeId, template })), (found) =>
        found.filter((one) => !isOfTurn(one)).map((one): Finding => ({ ...toFinding(one), taken: 'observe' })),
      );
    },
    configure(next) {
      countsEndpoints = next.budgets.endpoint !== undefined;
      book.configure(next);
    },
  };
}

function findingOf(found: BehaviourFinding, redact: Redact): Finding {
  return {
    detector: found.id,
    family: 'behaviour',
    severity: found.severity,
    confidence: found.confidence,
    lane: 'header',
    direction: 'request',
    start: 0,
    end: 0,
    action: found.action === 'observe' ? 'observe' : 'deny',
    taken: found.action === 'observe' ? 'observe' : 'deny',
    references: found.references,
    explanation: explainFinding(found, (name) => safeName(name, redact)),
  };
}

function isOfTurn({ id, measure }: BehaviourFinding): boolean {
  return id === 'behaviour.budget' && measure === 'toolCalls';
}

/** Host and path with its id-like segments typed, as budgets of endpoints are counted. */
function endpointOf({ host, path }: Pick<ExchangeRecord, 'host' | 'path'>, template: EventTools['template']): string {
  return `${host}${template(path)}`;
}

interface EventTools {
  readonly hash: (text: string) => string;
  readonly observeId: (id: string) => ObservedId;
  /** Of a path. */
  readonly template: (path: string) => string;
}

function eventOf(record: ExchangeRecord, tools: EventTools): BehaviourEvent {
  const { caller, facts } = record;
  const template = tools.template(record.path);
  return {
    unixMs: record.endUnixMs,
    admitted: true,
    turnCalls: caller?.turnCalls,
    endsByPause: record.dialect === mcp.id,
    endpoint: `${record.host}${template}`,
    method: record.method,
    tools: (caller?.calls ?? []).map((call) => toolUse(call, tools)),
    ids: pathIds(record.path, template).map(tools.observeId),
    sensitive: sensitiveOf(record.findings),
    denied: record.outcome === 'denied',
    agent: caller?.agent,
    person: caller?.identity.persons[0]?.hash,
    session: caller?.identity.sessions[0]?.id,
    credential: record.callerHash,
    address: caller?.addressHash,
    status: record.status,
    model: facts.model,
    tokensIn: facts.inputTokens,
    tokensOut: facts.outputTokens,
  };
}

function toolUse({ name, arguments: text = '' }: RecordedCall, { hash, observeId }: EventTools): ToolUse {
  return { name, argumentsHash: hash(text).slice(0, 16), ids: idsIn(text).map(observeId) };
}

/** Segments that the template has made a type of. */
function pathIds(path: string, template: string): readonly string[] {
  if (path === template) return [];
  const types = template.split('/');
  const segments = path.split('/');
  if (types.length !== segments.length) return [];
  return segments.filter((segment, index) => types[index]!.startsWith('{') && segment.length <= ID_UNITS_MAX);
}

const ID_UNITS_MAX = 64;
const IDS_MAX = 64;

/** Short strings and numbers with a digit among the arguments: what ids look like. */
function idsIn(text: string): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const ids: string[] = [];
  const stack: unknown[] = [value];
  while (stack.length > 0 && ids.length < IDS_MAX) {
    const one = stack.pop();
    if (typeof one === 'number' || (typeof one === 'string' && one.length <= ID_UNITS_MAX && hasDigit(one))) ids.push(String(one));
    else if (typeof one === 'object' && one !== null) stack.push(...Object.values(one).slice(0, IDS_MAX));
  }
  return ids;
}

function hasDigit(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x30 && unit <= 0x39) return true;
  }
  return false;
}

/** What an answer handed to the caller: what was redacted or denied did not arrive. */
function sensitiveOf(findings: readonly Finding[]): BehaviourEvent['sensitive'] {
  if (findings.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { direction, family, taken, detector } of findings) {
    if (direction !== 'response' || taken !== 'observe' || (family !== 'pii' && family !== 'secret')) continue;
    counts.set(detector, (counts.get(detector) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => ({ kind, count }));
}
