import { readUseLine } from '../../agents/permissions/grant-lines.ts';
import { ATTR } from '../../telemetry/semconv.ts';
import { addLatency, addSight, addSum, type FactDraft, type Label } from '../facts.ts';
import { mergeShape, shapeOfSample } from '../shape.ts';
import type { Cleaner } from '../span-reading.ts';
import { draft, type FactDrafts } from './fact-drafts.ts';
import type { Seen } from './seen-span.ts';
import { distinct } from './span-attributes.ts';

/** Adds what a span says to every fact that it says something of. */
export function foldFacts(drafts: FactDrafts, seen: Seen, cleaner: Cleaner): void {
  foldEndpoint(drafts, seen);
  foldModel(drafts, seen);
  foldCallers(drafts, seen);
  foldUses(drafts, seen, cleaner);
  foldTools(drafts, seen);
  foldServer(drafts, seen);
  foldFlows(drafts, seen);
}

/** Answers that say nothing about whether something is there: a scan of random paths gets nothing else. */
const UNROUTED: ReadonlySet<number> = new Set([401, 403, 404, 405, 410, 429, 501, 502, 503, 504]);

/** A dialect we know by its path is something even where the answer was a refusal, ours or the gateway's; a 404 is not. */
function isRouted({ status, read }: Seen): boolean {
  if (!UNROUTED.has(status)) return true;
  const dialect = read.raw(ATTR.dialect);
  return dialect !== undefined && dialect !== 'generic' && status !== 404 && status !== 405;
}

function foldEndpoint(drafts: FactDrafts, seen: Seen): void {
  if (seen.method === undefined) return;
  const key = [seen.method, seen.host, seen.path];
  if (!isRouted(seen)) {
    addCommon(draft(drafts, 'probes', key), seen, ['statuses', 'auth', 'callers', 'sources']);
    return;
  }
  const fact = draft(drafts, 'endpoints', key);
  addCommon(fact, seen, ENDPOINT_LABELS);
  addSum(fact, 'errors', one(seen.failed));
  addSum(fact, 'clientErrors', one(seen.status >= 400 && seen.status < 500));
  addSum(fact, 'prevented', seen.prevented);
  addVerdict(fact, seen);
  addSum(fact, 'requestBytes', seen.read.count(ATTR.requestBytes));
  addSum(fact, 'responseBytes', seen.read.count(ATTR.responseBytes));
  addTokens(fact, seen);
  addDuration(fact, seen);
  word(fact, seen, 'callers', seen.callerName);
  for (const agent of seen.agents) word(fact, seen, 'agents', agent.id);
  for (const tool of seen.called) word(fact, seen, 'tools', tool);
  if (seen.open) {
    addSum(fact, 'open', 1);
    word(fact, seen, 'open', 'answered');
  }
  addShapes(fact, seen);
}

const ENDPOINT_LABELS: readonly Label[] = [
  'dialects',
  'providers',
  'operations',
  'requestKinds',
  'responseKinds',
  'auth',
  'statuses',
  'requestTypes',
  'responseTypes',
  'models',
  'methods',
  'uninspected',
  'policies',
  'sources',
];

/** Only of ours: what another sender calls a shape is its own business. */
function addShapes(fact: FactDraft, { read, status }: Seen): void {
  const request = shapeOfSample(read.lines(ATTR.requestShape));
  const response = status >= 200 && status < 300 ? shapeOfSample(read.lines(ATTR.responseShape)) : undefined;
  fact.request = mergeShape(fact.request, request);
  if (response !== undefined) fact.response = mergeShape(fact.response, response);
}

function foldModel(drafts: FactDrafts, seen: Seen): void {
  if (seen.model === undefined) return;
  const fact = draft(drafts, 'models', [seen.provider, seen.model]);
  addCommon(fact, seen, ['dialects', 'operations', 'requestKinds', 'responseKinds', 'servedAs', 'sources']);
  addSum(fact, 'errors', one(seen.failed));
  addVerdict(fact, seen);
  addTokens(fact, seen);
  addDuration(fact, seen);
  word(fact, seen, 'callers', seen.callerName);
}

function foldCallers(drafts: FactDrafts, seen: Seen): void {
  const caller = draft(drafts, 'callers', [seen.caller.kind, seen.caller.id]);
  addCommon(caller, seen, ['dialects', 'auth', 'requestKinds', 'responseKinds', 'models', 'userAgents', 'sources']);
  addSum(caller, 'errors', one(seen.failed));
  addVerdict(caller, seen);
  addTokens(caller, seen);
  addSum(caller, 'toolCalls', seen.called.length);
  for (const tool of seen.called) word(caller, seen, 'tools', tool);
  for (const { kind, id } of seen.agents) {
    const agent = draft(drafts, 'agents', [kind, id]);
    addCommon(agent, seen, ['dialects', 'providers', 'operations', 'requestKinds', 'responseKinds', 'models', 'sources']);
    addSum(agent, 'errors', one(seen.failed));
    addSum(agent, 'toolCalls', seen.called.length);
    for (const tool of seen.called) word(agent, seen, 'tools', tool);
    word(agent, seen, 'callers', seen.callerName);
  }
  if (seen.person !== undefined)
    addCommon(draft(drafts, 'people', [seen.person]), seen, ['requestKinds', 'responseKinds', 'models', 'sources']);
}

/** What an agent of the policy used, as the filter that judged it says. */
function foldUses(drafts: FactDrafts, seen: Seen, cleaner: Cleaner): void {
  const agent = seen.agents.find(({ kind }) => kind === 'agent');
  if (agent === undefined) return;
  for (const line of seen.read.lines(ATTR.agentUses)) {
    const use = readUseLine(line);
    if (use === undefined) continue;
    const isFit = use.name !== undefined && cleaner.name(use.name) === use.name;
    const fact = draft(drafts, 'uses', [agent.id, use.list, isFit ? use.name : '']);
    addSum(fact, 'permitted', use.permitted);
    addSum(fact, 'refused', use.refused);
    addTimes(fact, seen);
  }
}

/** A tool that an exchange declares and calls has one row with both counts. Findings are the exchange's. */
function foldTools(drafts: FactDrafts, seen: Seen): void {
  const server = seen.protocol === 'mcp' ? seen.host : '';
  for (const name of distinct([...seen.declared, ...seen.called])) {
    const fact = draft(drafts, 'tools', [server, name]);
    addCommon(fact, seen, ['dialects', 'requestKinds', 'responseKinds', 'models', 'sources'], { counted: false });
    addSum(fact, 'declared', one(seen.declared.includes(name)));
    addSum(fact, 'called', one(seen.called.includes(name)));
    addSum(fact, 'errors', one(seen.failed));
    word(fact, seen, 'callers', seen.callerName);
  }
  for (const line of seen.read.lines(ATTR.toolDescriptions)) foldDescription(drafts, seen, line);
}

/** `name hash`: what a model was told the tool does, as a keyed hash. Another hash is another description. */
function foldDescription(drafts: FactDrafts, seen: Seen, line: string): void {
  const space = line.lastIndexOf(' ');
  const [name, hash] = [line.slice(0, Math.max(0, space)), line.slice(space + 1)];
  if (!seen.declared.includes(name) || hash.length > 64 || !isHex(hash)) return;
  word(draft(drafts, 'tools', [seen.protocol === 'mcp' ? seen.host : '', name]), seen, 'descriptions', hash);
}

const isHex = (text: string): boolean => text !== '' && [...text].every((one) => '0123456789abcdef'.includes(one));

function foldServer(drafts: FactDrafts, seen: Seen): void {
  if (seen.protocol === undefined || seen.host === '' || (seen.method !== undefined && !isRouted(seen))) return;
  const fact = draft(drafts, 'servers', [seen.protocol, seen.host, seen.method === undefined ? '/' : seen.path]);
  addCommon(fact, seen, ['names', 'methods', 'prompts', 'resources', 'auth', 'requestKinds', 'responseKinds', 'sources']);
  addSum(fact, 'errors', one(seen.failed));
  addDuration(fact, seen);
  for (const tool of [...seen.declared, ...seen.called]) word(fact, seen, 'tools', tool);
  word(fact, seen, 'callers', seen.callerName);
}

function foldFlows(drafts: FactDrafts, seen: Seen): void {
  const agent = seen.agents[0];
  const [sourceKind, source] = agent === undefined ? [seen.caller.kind, seen.caller.id] : ['agent', agent.id];
  const targets: [kind: string, name: string][] = [];
  if (seen.protocol !== undefined && seen.host !== '') targets.push(['server', seen.host]);
  else if (seen.method !== undefined && isRouted(seen)) targets.push(['api', seen.host]);
  if (seen.model !== undefined) targets.push(['model', seen.provider === '' ? seen.model : `${seen.provider}/${seen.model}`]);
  for (const tool of seen.called) targets.push(['tool', tool]);
  for (const target of targets) {
    const fact = draft(drafts, 'flows', [sourceKind, source, ...target]);
    addCommon(fact, seen, ['requestKinds', 'responseKinds', 'sources']);
    addSum(fact, 'requestBytes', seen.read.count(ATTR.requestBytes));
    addSum(fact, 'responseBytes', seen.read.count(ATTR.responseBytes));
  }
}

function addCommon(fact: FactDraft, seen: Seen, labels: readonly Label[], { counted = true }: { readonly counted?: boolean } = {}): void {
  if (counted) addSum(fact, 'count', 1);
  addSum(fact, 'findings', seen.findings);
  addSum(fact, 'denied', one(seen.verdict === 'deny'));
  addTimes(fact, seen);
  for (const [label, value] of seen.words) if (labels.includes(label)) word(fact, seen, label, value);
}

function addTimes(fact: FactDraft, { startMs, endMs }: Seen): void {
  fact.firstSeenMs = Math.min(fact.firstSeenMs, startMs);
  fact.lastSeenMs = Math.max(fact.lastSeenMs, endMs);
}

function word(fact: FactDraft, seen: Seen, label: Label, value: string): void {
  addSight(fact, label, value, seen.sight);
}

/** `denied` is counted with what every fact has. */
function addVerdict(fact: FactDraft, { verdict }: Seen): void {
  addSum(fact, 'flagged', one(verdict === 'flag'));
  addSum(fact, 'redacted', one(verdict === 'redact'));
}

function addTokens(fact: FactDraft, { read }: Seen): void {
  addSum(fact, 'inputTokens', read.count(ATTR.inputTokens));
  addSum(fact, 'outputTokens', read.count(ATTR.outputTokens));
}

function addDuration(fact: FactDraft, { startMs, endMs }: Seen): void {
  addSum(fact, 'durationUs', (endMs - startMs) * 1000);
  addLatency(fact, endMs - startMs);
}

const one = (condition: boolean): number => (condition ? 1 : 0);
