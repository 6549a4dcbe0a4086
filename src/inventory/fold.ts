import { createHash } from 'node:crypto';
import { readUseLine } from '../agents/permissions/grant-lines.ts';
import { ATTR, GUARDRAIL_OPERATION, HTTP_METHODS, SCOPE_NAME } from '../telemetry/semconv.ts';
import {
  absorb,
  addLatency,
  addSight,
  addSum,
  draftFact,
  type Fact,
  type FactDraft,
  type FactKind,
  type Label,
  type Sight,
} from './facts.ts';
import {
  checkedParts,
  FINDINGS_MAX,
  type FindingContext,
  type FindingRow,
  findingRow,
  readFindingLine,
  thousandths,
} from './finding-row.ts';
import type { IncomingSpan } from './incoming.ts';
import { boundedTime } from './iso-time.ts';
import { type KnownPolicy, mergePolicies, mergePolicy, type Policies, policyOfSpan } from './policies.ts';
import { mergeShape, shapeOfSample } from './shape.ts';
import { type Cleaner, createCleaner, createReader, type Reader } from './span-reading.ts';

/** What spans add up to. Facts stand under kind and key as one string. */
export interface Folded {
  readonly facts: ReadonlyMap<string, Fact>;
  /** Each once. */
  readonly findings: ReadonlyMap<string, FindingRow>;
  readonly policies: Policies;
}

/**
 * What a batch of spans says, in whatever order and batches they come. Spans of ours give everything; a foreign HTTP server or client
 * span, a `gen_ai` or an MCP span gives what it carries, templated and bounded here again. A `run_guardrail` span of another guardrail
 * gives a finding; ours repeat what stands on the exchange's span. Other spans say nothing.
 */
export function fold(spans: readonly IncomingSpan[], cleaner: Cleaner = createCleaner()): Folded {
  const folding: Folding = { facts: new Map(), branches: createBranch(), findings: new Map(), policies: new Map() };
  for (const span of spans) foldSpan(folding, span, cleaner);
  const { facts, findings, policies } = folding;
  return { facts, findings, policies };
}

/** Both together; commutative and associative. */
export function mergeFolded(left: Folded, right: Folded): Folded {
  const facts = new Map<string, FactDraft>();
  for (const side of [left, right])
    for (const [key, fact] of side.facts) {
      const known = facts.get(key);
      facts.set(key, absorb(known ?? draftFact(fact.kind, fact.key), fact));
    }
  const findings = new Map([...left.findings, ...right.findings]);
  return { facts, findings, policies: mergePolicies(left.policies, right.policies) };
}

interface Folding {
  readonly facts: Map<string, FactDraft>;
  /** The same facts, below their kind and each part of their key: found without making a text of it. */
  readonly branches: Branch;
  readonly findings: Map<string, FindingRow>;
  readonly policies: Map<string, KnownPolicy>;
}

interface Branch {
  readonly below: Map<string, Branch>;
  fact: FactDraft | undefined;
}

const createBranch = (): Branch => ({ below: new Map(), fact: undefined });

/** What a span says, whoever sent it, with everything made fit to keep. */
interface Seen {
  /** Undefined: no HTTP exchange. */
  readonly method: string | undefined;
  readonly host: string;
  readonly path: string;
  readonly status: number;
  readonly model: string | undefined;
  readonly provider: string;
  readonly caller: Caller;
  /** As a word: kind and id. */
  readonly callerName: string;
  readonly agents: readonly Caller[];
  readonly person: string | undefined;
  readonly declared: readonly string[];
  readonly called: readonly string[];
  readonly protocol: 'mcp' | 'a2a' | undefined;
  readonly verdict: string | undefined;
  readonly findings: number;
  readonly prevented: number;
  readonly failed: boolean;
  readonly open: boolean;
  readonly startMs: number;
  readonly endMs: number;
  /** Of each of its words. */
  readonly sight: Sight;
  readonly words: readonly Word[];
  readonly read: Reader;
}

interface Caller {
  readonly kind: string;
  readonly id: string;
}

type Word = readonly [label: Label, value: string];

function foldSpan(folding: Folding, span: IncomingSpan, cleaner: Cleaner): void {
  const read = createReader(span.attributes, cleaner);
  if (read.raw(ATTR.operation) === GUARDRAIL_OPERATION) return foldGuardrail(folding, span, { read, cleaner });
  const told = policyOfSpan(span, { read, cleaner });
  if (told !== undefined) {
    folding.policies.set(told.version, mergePolicy(folding.policies.get(told.version), told.policy));
    return;
  }
  const seen = readSpan(span, read, cleaner);
  if (seen === undefined) return;
  foldEndpoint(folding, seen);
  foldModel(folding, seen);
  foldCallers(folding, seen);
  foldUses(folding, seen, cleaner);
  foldTools(folding, seen);
  foldServer(folding, seen);
  foldFlows(folding, seen);
  foldFindingLines(folding, span, { seen, cleaner });
}

function readSpan(span: IncomingSpan, read: Reader, cleaner: Cleaner): Seen | undefined {
  const method = httpMethod(read.raw(ATTR.httpMethod) ?? read.raw('http.method'));
  const model = read.name(ATTR.requestModel) ?? read.name(ATTR.responseModel);
  const isHttp = method !== undefined && (span.kind === 'server' || span.kind === 'client');
  const called = calledTools(read);
  const agents = agentsOf(read);
  const protocol = protocolOf(read);
  if (!isHttp && model === undefined && called.length === 0 && agents.length === 0 && protocol === undefined) return undefined;
  const status = read.count(ATTR.httpStatus) || read.count('http.status_code');
  const auth = read.name(ATTR.auth);
  const provider = read.name(ATTR.provider) ?? read.name('gen_ai.system') ?? '';
  const startMs = boundedTime(span.startUnixMs);
  const endMs = Math.max(startMs, boundedTime(span.endUnixMs));
  const caller = callerOf(span, read, cleaner);
  return {
    method: isHttp ? method : undefined,
    host: cleaner.host(hostOf(read)),
    path: cleaner.path(pathOf(read)),
    status,
    model,
    provider,
    caller,
    callerName: `${caller.kind}:${caller.id}`,
    agents,
    person: personOf(read),
    declared: distinct(read.names(ATTR.toolsDeclared)),
    called,
    protocol,
    verdict: read.raw(ATTR.verdict),
    findings: read.count(ATTR.findingCount),
    prevented: read.count(ATTR.findingPrevented),
    failed: span.error || status >= 500,
    open: auth === 'none' && status >= 200 && status < 300,
    startMs,
    endMs,
    sight: { count: 1, firstMs: startMs, lastMs: endMs },
    words: wordsOf(span, { read, cleaner, provider, model, auth, status }),
    read,
  };
}

interface WordSources {
  readonly read: Reader;
  readonly cleaner: Cleaner;
  readonly provider: string;
  readonly model: string | undefined;
  readonly auth: string | undefined;
  readonly status: number;
}

/** Everything that is kept as a word with when it was seen; each kind of fact takes the labels it wants. */
function wordsOf(span: IncomingSpan, { read, cleaner, provider, model, auth, status }: WordSources): readonly Word[] {
  const words: Word[] = [];
  const one = (label: Label, value: string | undefined): void => {
    if (value !== undefined && value !== '') words.push([label, value]);
  };
  const all = (label: Label, values: readonly string[]): void => {
    for (const value of distinct(values)) one(label, value);
  };
  one('dialects', read.name(ATTR.dialect));
  one('providers', provider);
  one('operations', read.name(ATTR.operation));
  all('requestKinds', read.names(ATTR.findingRequestDetectors));
  all('responseKinds', read.names(ATTR.findingResponseDetectors));
  one('auth', auth);
  one('statuses', status === 0 ? undefined : String(Math.min(999, status)));
  one('requestTypes', read.name(ATTR.requestType));
  one('responseTypes', read.name(ATTR.responseType));
  one('models', model);
  one('servedAs', read.name(ATTR.responseModel));
  one('userAgents', read.name(ATTR.userAgent) ?? read.name('http.user_agent'));
  one('names', read.name(ATTR.serverName));
  all('methods', read.names(ATTR.methods));
  one('methods', read.name('mcp.method.name'));
  one('prompts', read.name('gen_ai.prompt.name'));
  one('resources', resourceOf(read, cleaner));
  all('uninspected', read.names(ATTR.uninspected));
  one('policies', read.name(ATTR.policyVersion));
  one('sources', span.scope === '' ? undefined : cleaner.name(span.scope));
  return words;
}

/** Scheme and templated path of an MCP resource: what stands in its URI may be anything. */
function resourceOf(read: Reader, cleaner: Cleaner): string | undefined {
  const uri = read.raw('mcp.resource.uri');
  const url = uri === undefined ? null : URL.parse(uri);
  return url === null ? undefined : cleaner.name(`${url.protocol}//${cleaner.host(url.host)}${cleaner.path(url.pathname)}`);
}

/** Answers that say nothing about whether something is there: a scan of random paths gets nothing else. */
const UNROUTED: ReadonlySet<number> = new Set([401, 403, 404, 405, 410, 429, 501, 502, 503, 504]);

/** A dialect we know by its path is something even where the answer was a refusal, ours or the gateway's; a 404 is not. */
function isRouted({ status, read }: Seen): boolean {
  if (!UNROUTED.has(status)) return true;
  const dialect = read.raw(ATTR.dialect);
  return dialect !== undefined && dialect !== 'generic' && status !== 404 && status !== 405;
}

function foldEndpoint(folding: Folding, seen: Seen): void {
  if (seen.method === undefined) return;
  const key = [seen.method, seen.host, seen.path];
  if (!isRouted(seen)) {
    addCommon(draft(folding, 'probes', key), seen, ['statuses', 'auth', 'callers', 'sources']);
    return;
  }
  const fact = draft(folding, 'endpoints', key);
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

function foldModel(folding: Folding, seen: Seen): void {
  if (seen.model === undefined) return;
  const fact = draft(folding, 'models', [seen.provider, seen.model]);
  addCommon(fact, seen, ['dialects', 'operations', 'requestKinds', 'responseKinds', 'servedAs', 'sources']);
  addSum(fact, 'errors', one(seen.failed));
  addVerdict(fact, seen);
  addTokens(fact, seen);
  addDuration(fact, seen);
  word(fact, seen, 'callers', seen.callerName);
}

function foldCallers(folding: Folding, seen: Seen): void {
  const caller = draft(folding, 'callers', [seen.caller.kind, seen.caller.id]);
  addCommon(caller, seen, ['dialects', 'auth', 'requestKinds', 'responseKinds', 'models', 'userAgents', 'sources']);
  addSum(caller, 'errors', one(seen.failed));
  addVerdict(caller, seen);
  addTokens(caller, seen);
  addSum(caller, 'toolCalls', seen.called.length);
  for (const tool of seen.called) word(caller, seen, 'tools', tool);
  for (const { kind, id } of seen.agents) {
    const agent = draft(folding, 'agents', [kind, id]);
    addCommon(agent, seen, ['dialects', 'providers', 'operations', 'requestKinds', 'responseKinds', 'models', 'sources']);
    addSum(agent, 'errors', one(seen.failed));
    addSum(agent, 'toolCalls', seen.called.length);
    for (const tool of seen.called) word(agent, seen, 'tools', tool);
    word(agent, seen, 'callers', seen.callerName);
  }
  if (seen.person !== undefined)
    addCommon(draft(folding, 'people', [seen.person]), seen, ['requestKinds', 'responseKinds', 'models', 'sources']);
}

/** What an agent of the policy used, as the filter that judged it says. */
function foldUses(folding: Folding, seen: Seen, cleaner: Cleaner): void {
  const agent = seen.agents.find(({ kind }) => kind === 'agent');
  if (agent === undefined) return;
  for (const line of seen.read.lines(ATTR.agentUses)) {
    const use = readUseLine(line);
    if (use === undefined) continue;
    const isFit = use.name !== undefined && cleaner.name(use.name) === use.name;
    const fact = draft(folding, 'uses', [agent.id, use.list, isFit ? use.name : '']);
    addSum(fact, 'permitted', use.permitted);
    addSum(fact, 'refused', use.refused);
    addTimes(fact, seen);
  }
}

/** A tool that an exchange declares and calls has one row with both counts. Findings are the exchange's. */
function foldTools(folding: Folding, seen: Seen): void {
  const server = seen.protocol === 'mcp' ? seen.host : '';
  for (const name of distinct([...seen.declared, ...seen.called])) {
    const fact = draft(folding, 'tools', [server, name]);
    addCommon(fact, seen, ['dialects', 'requestKinds', 'responseKinds', 'models', 'sources'], { counted: false });
    addSum(fact, 'declared', one(seen.declared.includes(name)));
    addSum(fact, 'called', one(seen.called.includes(name)));
    addSum(fact, 'errors', one(seen.failed));
    word(fact, seen, 'callers', seen.callerName);
  }
  for (const line of seen.read.lines(ATTR.toolDescriptions)) foldDescription(folding, seen, line);
}

/** `name hash`: what a model was told the tool does, as a keyed hash. Another hash is another description. */
function foldDescription(folding: Folding, seen: Seen, line: string): void {
  const space = line.lastIndexOf(' ');
  const [name, hash] = [line.slice(0, Math.max(0, space)), line.slice(space + 1)];
  if (!seen.declared.includes(name) || hash.length > 64 || !isHex(hash)) return;
  word(draft(folding, 'tools', [seen.protocol === 'mcp' ? seen.host : '', name]), seen, 'descriptions', hash);
}

const isHex = (text: string): boolean => text !== '' && [...text].every((one) => '0123456789abcdef'.includes(one));

function foldServer(folding: Folding, seen: Seen): void {
  if (seen.protocol === undefined || seen.host === '' || (seen.method !== undefined && !isRouted(seen))) return;
  const fact = draft(folding, 'servers', [seen.protocol, seen.host, seen.method === undefined ? '/' : seen.path]);
  addCommon(fact, seen, ['names', 'methods', 'prompts', 'resources', 'auth', 'requestKinds', 'responseKinds', 'sources']);
  addSum(fact, 'errors', one(seen.failed));
  addDuration(fact, seen);
  for (const tool of [...seen.declared, ...seen.called]) word(fact, seen, 'tools', tool);
  word(fact, seen, 'callers', seen.callerName);
}

function foldFlows(folding: Folding, seen: Seen): void {
  const agent = seen.agents[0];
  const [sourceKind, source] = agent === undefined ? [seen.caller.kind, seen.caller.id] : ['agent', agent.id];
  const targets: [kind: string, name: string][] = [];
  if (seen.protocol !== undefined && seen.host !== '') targets.push(['server', seen.host]);
  else if (seen.method !== undefined && isRouted(seen)) targets.push(['api', seen.host]);
  if (seen.model !== undefined) targets.push(['model', seen.provider === '' ? seen.model : `${seen.provider}/${seen.model}`]);
  for (const tool of seen.called) targets.push(['tool', tool]);
  for (const target of targets) {
    const fact = draft(folding, 'flows', [sourceKind, source, ...target]);
    addCommon(fact, seen, ['requestKinds', 'responseKinds', 'sources']);
    addSum(fact, 'requestBytes', seen.read.count(ATTR.requestBytes));
    addSum(fact, 'responseBytes', seen.read.count(ATTR.responseBytes));
  }
}

function foldFindingLines(
  folding: Folding,
  span: IncomingSpan,
  { seen, cleaner }: { readonly seen: Seen; readonly cleaner: Cleaner },
): void {
  const lines = seen.read.lines(ATTR.findingRows);
  if (lines.length === 0) return;
  const context = contextOf(seen.read, { timeMs: seen.endMs, caller: seen.caller, cleaner });
  for (const line of lines.slice(0, FINDINGS_MAX)) {
    const parts = readFindingLine(line, cleaner.name);
    if (parts !== undefined) addFinding(folding, findingRow(parts, context, span.traceId + span.spanId));
  }
}

interface GuardrailSources {
  readonly read: Reader;
  readonly cleaner: Cleaner;
}

/** A finding of another guardrail that follows the (experimental) conventions. */
function foldGuardrail(folding: Folding, span: IncomingSpan, { read, cleaner }: GuardrailSources): void {
  if (span.scope === SCOPE_NAME) return;
  const verdict = read.raw(ATTR.securityVerdict);
  const action = read.raw(ATTR.action) ?? (verdict === 'deny' ? 'deny' : verdict === 'modify' ? 'redact' : 'observe');
  const parts = checkedParts({
    detector: read.name(ATTR.detector) ?? read.name(ATTR.securityRule) ?? read.name(ATTR.guardrailName) ?? '',
    family: read.name(ATTR.family) ?? read.name(ATTR.securityRisk) ?? '',
    severity: read.raw(ATTR.severity) ?? 'medium',
    confidence: thousandths(read.number(ATTR.confidence) || read.number(ATTR.securityScore)),
    lane: read.name(ATTR.lane) ?? read.name(ATTR.securityTarget) ?? '',
    direction: read.raw(ATTR.direction) ?? (read.raw(ATTR.securityTarget) === 'llm_output' ? 'response' : 'request'),
    action,
    taken: read.raw(ATTR.actionTaken) ?? action,
    start: read.count(ATTR.start),
    length: read.count(ATTR.length),
  });
  if (parts === undefined) return;
  const timeMs = boundedTime(span.endUnixMs);
  const context = contextOf(read, { timeMs, caller: callerOf(span, read, cleaner), cleaner });
  addFinding(folding, findingRow(parts, context, span.traceId + span.spanId));
}

interface ContextSources {
  readonly timeMs: number;
  readonly caller: Caller;
  readonly cleaner: Cleaner;
}

function contextOf(read: Reader, { timeMs, caller, cleaner }: ContextSources): FindingContext {
  const isHttp = read.raw(ATTR.httpMethod) !== undefined || read.raw('http.method') !== undefined;
  return {
    timeMs,
    exchangeId: read.name(ATTR.exchangeId) ?? '',
    method: isHttp ? (httpMethod(read.raw(ATTR.httpMethod) ?? read.raw('http.method')) ?? '') : '',
    host: isHttp ? cleaner.host(hostOf(read)) : '',
    path: isHttp ? cleaner.path(pathOf(read)) : '',
    callerKind: caller.kind,
    callerId: caller.id,
    agent: agentsOf(read)[0]?.id ?? '',
    model: read.name(ATTR.requestModel) ?? '',
    route: read.name(ATTR.routeName) ?? '',
    policyVersion: read.name(ATTR.policyVersion) ?? '',
  };
}

/** Two spans may tell of one finding with more and less around it; which of them stays does not depend on which came first. */
function addFinding(folding: Folding, row: FindingRow): void {
  const known = folding.findings.get(row.id);
  if (known === undefined || JSON.stringify(row) < JSON.stringify(known)) folding.findings.set(row.id, row);
}

function draft(folding: Folding, kind: FactKind, key: readonly string[]): FactDraft {
  let branch = below(folding.branches, kind);
  for (const part of key) branch = below(branch, part);
  if (branch.fact === undefined) {
    branch.fact = draftFact(kind, key);
    folding.facts.set(`${kind}\0${key.join('\0')}`, branch.fact);
  }
  return branch.fact;
}

function below(branch: Branch, part: string): Branch {
  let found = branch.below.get(part);
  if (found === undefined) {
    found = createBranch();
    branch.below.set(part, found);
  }
  return found;
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

/** Each once, in their order. */
const distinct = (values: readonly string[]): readonly string[] => (values.length < 2 ? values : [...new Set(values)]);

function httpMethod(method: string | undefined): string | undefined {
  if (method === undefined) return undefined;
  return HTTP_METHODS.has(method) ? method : '_OTHER';
}

/** The route a framework names is the best template; then the path, however old the conventions the sender follows. */
function pathOf(read: Reader): string {
  return read.raw(ATTR.httpRoute) ?? read.raw(ATTR.urlPath) ?? read.raw('http.target') ?? urlOf(read)?.pathname ?? '/';
}

function hostOf(read: Reader): string {
  const named = read.raw(ATTR.serverAddress) ?? read.raw('http.host') ?? urlOf(read)?.host;
  return named ?? read.raw('net.peer.name') ?? read.raw('net.host.name') ?? '';
}

function urlOf(read: Reader): URL | undefined {
  const url = read.raw('url.full') ?? read.raw('http.url');
  return url === undefined ? undefined : (URL.parse(url) ?? undefined);
}

/** The credential's hash says most, then the client's user agent, then, for a foreign client span, who reported it. */
function callerOf(span: IncomingSpan, read: Reader, cleaner: Cleaner): Caller {
  const hash = read.name(ATTR.callerHash);
  if (span.scope === SCOPE_NAME && hash !== undefined) return { kind: 'credential', id: hash };
  if (span.scope !== SCOPE_NAME && span.kind !== 'server' && span.service !== undefined)
    return { kind: 'service', id: cleaner.name(span.service) };
  const agent = read.name(ATTR.userAgent) ?? read.name('http.user_agent');
  return agent === undefined ? { kind: 'unknown', id: '' } : { kind: 'user-agent', id: agent };
}

function agentsOf(read: Reader): readonly Caller[] {
  const [agent, client] = [read.name(ATTR.agentName), read.name(ATTR.clientName)];
  return [
    ...(agent === undefined ? [] : [{ kind: 'agent', id: agent }]),
    ...(client === undefined ? [] : [{ kind: 'mcp-client', id: client }]),
  ];
}

/** Hashed once more: what a sender calls a pseudonym may be a name. */
function personOf(read: Reader): string | undefined {
  const pseudonym = read.raw(ATTR.personHash) ?? read.raw('enduser.pseudo.id') ?? read.raw('user.hash');
  if (pseudonym === undefined) return undefined;
  return createHash('sha256').update(`person\0${pseudonym}`).digest('hex').slice(0, 16);
}

function protocolOf(read: Reader): 'mcp' | 'a2a' | undefined {
  const dialect = read.raw(ATTR.dialect);
  if (dialect === 'mcp' || dialect === 'a2a') return dialect;
  return read.raw('mcp.method.name') === undefined ? undefined : 'mcp';
}

/** `gen_ai.tool.name` is on the `execute_tool` spans of agent frameworks. */
function calledTools(read: Reader): readonly string[] {
  const executed = read.name('gen_ai.tool.name');
  const called = read.names(ATTR.toolsCalled);
  return distinct(executed === undefined ? called : [...called, executed]);
}
