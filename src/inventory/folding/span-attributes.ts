import { createHash } from 'node:crypto';
import { ATTR, HTTP_METHODS, SCOPE_NAME } from '../../telemetry/semconv.ts';
import type { IncomingSpan } from '../incoming.ts';
import type { Cleaner, Reader } from '../span-reading.ts';

/** Who sent a request: a credential, a service, a user agent; or an agent that says its name. */
export interface Caller {
  readonly kind: string;
  readonly id: string;
}

/** A method that the conventions name; any other is `_OTHER`. */
export function httpMethod(method: string | undefined): string | undefined {
  if (method === undefined) return undefined;
  return HTTP_METHODS.has(method) ? method : '_OTHER';
}

/** The route a framework names is the best template; then the path, however old the conventions the sender follows. */
export function pathOf(read: Reader): string {
  return read.raw(ATTR.httpRoute) ?? read.raw(ATTR.urlPath) ?? read.raw('http.target') ?? urlOf(read)?.pathname ?? '/';
}

/** Host and port as the sender wrote them; empty: it names none. */
export function hostOf(read: Reader): string {
  const named = read.raw(ATTR.serverAddress) ?? read.raw('http.host') ?? urlOf(read)?.host;
  return named ?? read.raw('net.peer.name') ?? read.raw('net.host.name') ?? '';
}

function urlOf(read: Reader): URL | undefined {
  const url = read.raw('url.full') ?? read.raw('http.url');
  return url === undefined ? undefined : (URL.parse(url) ?? undefined);
}

/** The credential's hash says most, then the client's user agent, then, for a foreign client span, who reported it. */
export function callerOf(span: IncomingSpan, read: Reader, cleaner: Cleaner): Caller {
  const hash = read.name(ATTR.callerHash);
  if (span.scope === SCOPE_NAME && hash !== undefined) return { kind: 'credential', id: hash };
  if (span.scope !== SCOPE_NAME && span.kind !== 'server' && span.service !== undefined)
    return { kind: 'service', id: cleaner.name(span.service) };
  const agent = read.name(ATTR.userAgent) ?? read.name('http.user_agent');
  return agent === undefined ? { kind: 'unknown', id: '' } : { kind: 'user-agent', id: agent };
}

/** The agent of the policy or of a framework, and what an MCP client calls itself; most spans have neither. */
export function agentsOf(read: Reader): readonly Caller[] {
  const [agent, client] = [read.name(ATTR.agentName), read.name(ATTR.clientName)];
  return [
    ...(agent === undefined ? [] : [{ kind: 'agent', id: agent }]),
    ...(client === undefined ? [] : [{ kind: 'mcp-client', id: client }]),
  ];
}

/** Hashed once more: what a sender calls a pseudonym may be a name. Sixteen hex digits. */
export function personOf(read: Reader): string | undefined {
  const pseudonym = read.raw(ATTR.personHash) ?? read.raw('enduser.pseudo.id') ?? read.raw('user.hash');
  if (pseudonym === undefined) return undefined;
  return createHash('sha256').update(`person\0${pseudonym}`).digest('hex').slice(0, 16);
}

/** Undefined: neither of the protocols that have servers of their own. */
export function protocolOf(read: Reader): 'mcp' | 'a2a' | undefined {
  const dialect = read.raw(ATTR.dialect);
  if (dialect === 'mcp' || dialect === 'a2a') return dialect;
  return read.raw('mcp.method.name') === undefined ? undefined : 'mcp';
}

/** Names of tools, each once. `gen_ai.tool.name` is on the `execute_tool` spans of agent frameworks. */
export function calledTools(read: Reader): readonly string[] {
  const executed = read.name('gen_ai.tool.name');
  const called = read.names(ATTR.toolsCalled);
  return distinct(executed === undefined ? called : [...called, executed]);
}

/** Each once, in their order. */
export const distinct = (values: readonly string[]): readonly string[] => (values.length < 2 ? values : [...new Set(values)]);
