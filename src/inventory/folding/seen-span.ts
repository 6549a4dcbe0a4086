import { ATTR } from '../../telemetry/semconv.ts';
import type { Label, Sight } from '../facts.ts';
import type { IncomingSpan } from '../incoming.ts';
import { boundedTime } from '../iso-time.ts';
import type { Cleaner, Reader } from '../span-reading.ts';
import {
  agentsOf,
  type Caller,
  calledTools,
  callerOf,
  distinct,
  hostOf,
  httpMethod,
  pathOf,
  personOf,
  protocolOf,
} from './span-attributes.ts';

/** What a span says, whoever sent it, with everything made fit to keep. */
export interface Seen {
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

type Word = readonly [label: Label, value: string];

/** Undefined: it says nothing that is kept. */
export function readSpan(span: IncomingSpan, read: Reader, cleaner: Cleaner): Seen | undefined {
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
