import { type Redact, safeHost, safeName, templatePath } from '../telemetry/path-template.ts';
import { ATTR, GUARDRAIL_OPERATION, HTTP_METHODS, SCOPE_NAME } from '../telemetry/semconv.ts';
import type { Attributes } from '../telemetry/span.ts';
import type { IncomingSpan } from './incoming.ts';

/** The kinds of facts, each a table: what identifies a row, and what of it is summed. */
export const FACTS = {
  endpoints: { key: ['method', 'host', 'path'], sums: ['count', 'errors', 'findings', 'flagged', 'redacted', 'denied'] },
  models: { key: ['provider', 'name'], sums: ['count', 'errors', 'findings', 'denied', 'inputTokens', 'outputTokens'] },
  /** `kind`: `credential` (keyed hash), `user-agent`, `service` (the reporting service of a foreign client span) or `unknown`. */
  callers: { key: ['kind', 'id'], sums: ['count', 'errors', 'findings', 'denied'] },
  tools: { key: ['name'], sums: ['declared', 'called', 'findings', 'denied'] },
} as const;

export type FactKind = keyof typeof FACTS;
export const FACT_KINDS = Object.keys(FACTS) as readonly FactKind[];

/** Small sets of words kept with a row. */
export const LABELS = [
  'dialects',
  'providers',
  'operations',
  /** Detector ids seen in requests and in answers: the sensitive kinds that flow here. */
  'requestKinds',
  'responseKinds',
  'auth',
  'models',
  /** Names a model answered under. */
  'servedAs',
  'userAgents',
  'uninspected',
  /** `sluice`, or the instrumentation scope of a foreign span. */
  'sources',
] as const;
export type Label = (typeof LABELS)[number];
export type Labels = Readonly<Partial<Record<Label, readonly string[]>>>;

/** One row: everything in it merges the same in any order and grouping. */
export interface Fact {
  readonly key: Readonly<Record<string, string>>;
  readonly sums: Readonly<Record<string, number>>;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly labels: Labels;
}

/** Facts by kind, each under its key as one string. */
export type Facts = Readonly<Record<FactKind, ReadonlyMap<string, Fact>>>;

/** Values kept of one label: the first in alphabetical order, because that choice does not depend on the order of arrival. */
const LABEL_VALUES_MAX = 64;

/**
 * What a batch of spans says, in whatever order and batches they come. Spans of ours give everything; a foreign HTTP server or client
 * span, or a `gen_ai` span, gives what it carries, templated and bounded here again. Other spans say nothing.
 */
export function fold(spans: readonly IncomingSpan[], redact?: Redact): Facts {
  const facts = {
    endpoints: new Map<string, Fact>(),
    models: new Map<string, Fact>(),
    callers: new Map<string, Fact>(),
    tools: new Map<string, Fact>(),
  };
  for (const span of spans) {
    for (const { kind, fact } of factsOf(span, redact)) add(facts[kind], fact);
  }
  return facts;
}

/** Both together; commutative and associative. */
export function mergeFacts(left: Facts, right: Facts): Facts {
  const merged = fold([]) as Record<FactKind, Map<string, Fact>>;
  for (const kind of FACT_KINDS) for (const side of [left, right]) for (const fact of side[kind].values()) add(merged[kind], fact);
  return merged;
}

/** The union of two label sets, bounded. */
export function mergeLabels(left: Labels, right: Labels): Labels {
  const merged: Partial<Record<Label, readonly string[]>> = {};
  for (const label of LABELS) {
    const values = union(left[label] ?? [], right[label] ?? []);
    if (values.length > 0) merged[label] = values;
  }
  return merged;
}

/** Sorted and bounded; most often the right side brings nothing new, and the left, a result of this function, stays as it is. */
function union(left: readonly string[], right: readonly string[]): readonly string[] {
  if (left.length > 0 && right.every((value) => left.includes(value))) return left;
  return [...new Set([...left, ...right])].sort().slice(0, LABEL_VALUES_MAX);
}

function add(rows: Map<string, Fact>, fact: Fact): void {
  const id = JSON.stringify(Object.values(fact.key));
  const known = rows.get(id);
  rows.set(id, known === undefined ? fact : mergeFact(known, fact));
}

function mergeFact(left: Fact, right: Fact): Fact {
  const sums: Record<string, number> = { ...left.sums };
  for (const [name, value] of Object.entries(right.sums)) sums[name] = (sums[name] ?? 0) + value;
  return {
    key: left.key,
    sums,
    firstSeenMs: Math.min(left.firstSeenMs, right.firstSeenMs),
    lastSeenMs: Math.max(left.lastSeenMs, right.lastSeenMs),
    labels: mergeLabels(left.labels, right.labels),
  };
}

interface Row {
  readonly kind: FactKind;
  readonly fact: Fact;
}

function factsOf(span: IncomingSpan, redact: Redact | undefined): readonly Row[] {
  const seen = readSpan(span, redact);
  if (seen === undefined) return [];
  return [...endpointRows(seen), ...modelRows(seen), ...callerRows(seen), ...toolRows(seen)];
}

/** What a span says, whoever sent it, with everything made fit to keep. */
interface Seen {
  readonly method: string | undefined;
  readonly host: string;
  readonly path: string;
  readonly model: string | undefined;
  readonly provider: string;
  readonly caller: { readonly kind: string; readonly id: string };
  readonly tools: { readonly declared: readonly string[]; readonly called: readonly string[] };
  readonly tokens: { readonly input: number; readonly output: number };
  readonly findings: number;
  readonly verdict: string | undefined;
  readonly error: boolean;
  readonly startMs: number;
  readonly endMs: number;
  readonly labels: Labels;
}

function readSpan(span: IncomingSpan, redact: Redact | undefined): Seen | undefined {
  const { attributes } = span;
  if (attributes[ATTR.operation] === GUARDRAIL_OPERATION) return undefined;
  const read = reader(attributes, redact);
  const method = httpMethod(read.raw(ATTR.httpMethod) ?? read.raw('http.method'));
  const model = read.name(ATTR.requestModel) ?? read.name(ATTR.responseModel);
  const endpoint = method !== undefined && (span.kind === 'server' || span.kind === 'client');
  if (!endpoint && model === undefined) return undefined;
  const provider = read.name(ATTR.provider) ?? read.name('gen_ai.system');
  return {
    method: endpoint ? method : undefined,
    host: hostOf(read, redact),
    path: pathOf(read, redact),
    model,
    provider: provider ?? '',
    caller: callerOf(span, read, redact),
    tools: { declared: read.names(ATTR.toolsDeclared), called: calledTools(read) },
    tokens: { input: read.count(ATTR.inputTokens), output: read.count(ATTR.outputTokens) },
    findings: read.count(ATTR.findingCount),
    verdict: read.raw(ATTR.verdict),
    error: span.error || read.count(ATTR.httpStatus) >= 500 || read.count('http.status_code') >= 500,
    startMs: span.startUnixMs,
    endMs: Math.max(span.startUnixMs, span.endUnixMs),
    labels: labelsOf(span, read, { provider, model, redact }),
  };
}

/** Sorted and bounded like every label set. */
function labelsOf(
  span: IncomingSpan,
  read: Reader,
  { provider, model, redact }: { provider: string | undefined; model: string | undefined; redact: Redact | undefined },
): Labels {
  const one = (value: string | undefined) => (value === undefined ? [] : [value]);
  return mergeLabels(
    {},
    {
      dialects: one(read.name(ATTR.dialect)),
      providers: one(provider),
      operations: one(read.name(ATTR.operation)),
      requestKinds: read.names(ATTR.findingRequestDetectors),
      responseKinds: read.names(ATTR.findingResponseDetectors),
      auth: one(read.name(ATTR.auth)),
      models: one(model),
      servedAs: one(read.name(ATTR.responseModel)),
      userAgents: one(read.name(ATTR.userAgent) ?? read.name('http.user_agent')),
      uninspected: read.names(ATTR.uninspected),
      sources: one(span.scope === '' ? undefined : safeName(span.scope, redact)),
    },
  );
}

function endpointRows(seen: Seen): readonly Row[] {
  if (seen.method === undefined) return [];
  const verdicts = {
    flagged: one(seen.verdict === 'flag'),
    redacted: one(seen.verdict === 'redact'),
    denied: one(seen.verdict === 'deny'),
  };
  const sums = { count: 1, errors: one(seen.error), findings: seen.findings, ...verdicts };
  return [
    row('endpoints', seen, {
      key: { method: seen.method, host: seen.host, path: seen.path },
      sums,
      labels: without(seen.labels, ['servedAs', 'userAgents']),
    }),
  ];
}

function modelRows(seen: Seen): readonly Row[] {
  if (seen.model === undefined) return [];
  const sums = {
    count: 1,
    errors: one(seen.error),
    findings: seen.findings,
    denied: one(seen.verdict === 'deny'),
    inputTokens: seen.tokens.input,
    outputTokens: seen.tokens.output,
  };
  return [
    row('models', seen, {
      key: { provider: seen.provider, name: seen.model },
      sums,
      labels: without(seen.labels, ['models', 'providers', 'auth']),
    }),
  ];
}

function callerRows(seen: Seen): readonly Row[] {
  const sums = { count: 1, errors: one(seen.error), findings: seen.findings, denied: one(seen.verdict === 'deny') };
  return [row('callers', seen, { key: seen.caller, sums, labels: without(seen.labels, ['servedAs']) })];
}

/** A tool that an exchange declares and calls has one row with both counts. Findings are the exchange's. */
function toolRows(seen: Seen): readonly Row[] {
  const { declared, called } = seen.tools;
  return [...new Set([...declared, ...called])].map((name) =>
    row('tools', seen, {
      key: { name },
      sums: {
        declared: one(declared.includes(name)),
        called: one(called.includes(name)),
        findings: seen.findings,
        denied: one(seen.verdict === 'deny'),
      },
      labels: without(seen.labels, ['servedAs', 'userAgents', 'auth']),
    }),
  );
}

function row(kind: FactKind, seen: Seen, part: Pick<Fact, 'key' | 'sums' | 'labels'>): Row {
  return { kind, fact: { ...part, firstSeenMs: seen.startMs, lastSeenMs: seen.endMs } };
}

const one = (condition: boolean): number => (condition ? 1 : 0);

function without(labels: Labels, dropped: readonly Label[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([label]) => !dropped.includes(label as Label)));
}

function httpMethod(method: string | undefined): string | undefined {
  if (method === undefined) return undefined;
  return HTTP_METHODS.has(method) ? method : '_OTHER';
}

/** The route a framework names is the best template; then the path, however old the conventions the sender follows. */
function pathOf(read: Reader, redact: Redact | undefined): string {
  const path = read.raw(ATTR.httpRoute) ?? read.raw(ATTR.urlPath) ?? read.raw('http.target') ?? urlOf(read)?.pathname ?? '/';
  return templatePath(path.startsWith('/') || path === '*' ? path : `/${path}`, redact);
}

function hostOf(read: Reader, redact: Redact | undefined): string {
  const host =
    read.raw(ATTR.serverAddress) ??
    read.raw('http.host') ??
    urlOf(read)?.host ??
    read.raw('net.peer.name') ??
    read.raw('net.host.name') ??
    '';
  return safeHost(host, redact).address;
}

function urlOf(read: Reader): URL | undefined {
  const url = read.raw('url.full') ?? read.raw('http.url');
  return url === undefined ? undefined : (URL.parse(url) ?? undefined);
}

/** The credential's hash says most, then the client's user agent, then, for a foreign client span, who reported it. */
function callerOf(span: IncomingSpan, read: Reader, redact: Redact | undefined): Seen['caller'] {
  const hash = read.name(ATTR.callerHash);
  if (span.scope === SCOPE_NAME && hash !== undefined) return { kind: 'credential', id: hash };
  if (span.scope !== SCOPE_NAME && span.kind !== 'server' && span.service !== undefined)
    return { kind: 'service', id: safeName(span.service, redact) };
  const agent = read.name(ATTR.userAgent) ?? read.name('http.user_agent');
  return agent === undefined ? { kind: 'unknown', id: '' } : { kind: 'user-agent', id: agent };
}

/** `gen_ai.tool.name` is on the `execute_tool` spans of agent frameworks. */
function calledTools(read: Reader): readonly string[] {
  const executed = read.name('gen_ai.tool.name');
  return executed === undefined ? read.names(ATTR.toolsCalled) : [...read.names(ATTR.toolsCalled), executed];
}

interface Reader {
  raw(name: string): string | undefined;
  name(name: string): string | undefined;
  names(name: string): readonly string[];
  /** A whole number of zero or more; 0 when there is none. */
  count(name: string): number;
}

function reader(attributes: Attributes, redact: Redact | undefined): Reader {
  const raw = (name: string): string | undefined => {
    const value = attributes[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    raw,
    name(name) {
      const value = raw(name);
      return value === undefined ? undefined : safeName(value, redact);
    },
    names(name) {
      const value = attributes[name];
      return Array.isArray(value) ? value.map((one: string) => safeName(one, redact)) : [];
    },
    count(name) {
      const value = attributes[name];
      return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
    },
  };
}
