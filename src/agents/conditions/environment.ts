import { Environment } from '@marcbachmann/cel-js';
import RE2 from 're2';
import { FIXED } from '../../lib/limits.ts';

/** What a condition sees of a tool call. A class, because CEL's types are told by their constructor. */
export class ToolValue {
  readonly name: string;
  readonly args: unknown;
  constructor(name: string, args: unknown) {
    this.name = name;
    this.args = args;
  }
}

/** What it sees of an endpoint, normalised. */
export class EndpointValue {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  constructor({ method, host, path }: { readonly method: string; readonly host: string; readonly path: string }) {
    this.method = method;
    this.host = host;
    this.path = path;
  }
}

/** What it sees of the caller. Empty texts for what is not known. */
export class AgentValue {
  readonly name: string;
  /** Where the proof comes from: `spiffe`, `jwt` …; `none`. */
  readonly source: string;
  /** Keyed hash of the person it acts for, when a verified token names one. */
  readonly person: string;
  /** Keyed hash of the session. */
  readonly session: string;
  constructor({ name, source, person, session }: AgentValue) {
    this.name = name;
    this.source = source;
    this.person = person;
    this.session = session;
  }
}

/** Every variable of a condition, and the fields of those that have some; for did-you-mean and the documentation. */
export const VARIABLES = {
  agent: ['name', 'source', 'person', 'session'],
  tool: ['name', 'args'],
  endpoint: ['method', 'host', 'path'],
  model: [],
  provider: [],
  mcpMethod: [],
  resource: [],
  prompt: [],
  skill: [],
  api: [],
} as const satisfies Record<string, readonly string[]>;
export type VariableName = keyof typeof VARIABLES;

/**
 * Functions a condition may call. Everything else of the language is refused at load: it knows the time zone of the machine, or makes
 * values whose size cannot be foretold.
 */
export const FUNCTIONS = [
  'size',
  'string',
  'int',
  'double',
  'bool',
  'dyn',
  'has',
  'startsWith',
  'endsWith',
  'contains',
  'matches',
  'lowerAscii',
  'upperAscii',
  'trim',
  'indexOf',
  'lastIndexOf',
  'substring',
  'split',
  'join',
  'all',
  'exists',
  'exists_one',
  'map',
  'filter',
  'emailDomains',
] as const;

/** The library's own `matches` runs a backtracking RegExp and cannot be replaced: calls of it are renamed to this before they are checked. */
export const MATCHES = 'matchesRe2';

/** The typed environment of all conditions. Names it does not know are errors at load. */
export function createEnvironment(): Environment {
  const sync = { async: false };
  const patterns = new Map<string, RE2>();
  return new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: FIXED.conditionNodes, maxDepth: FIXED.conditionDepth },
  })
    .registerType('Tool', { ctor: ToolValue, fields: { name: 'string', args: 'dyn' } })
    .registerType('Endpoint', { ctor: EndpointValue, fields: { method: 'string', host: 'string', path: 'string' } })
    .registerType('Agent', { ctor: AgentValue, fields: { name: 'string', source: 'string', person: 'string', session: 'string' } })
    .registerVariable('agent', 'Agent')
    .registerVariable('tool', 'Tool')
    .registerVariable('endpoint', 'Endpoint')
    .registerVariable('model', 'string')
    .registerVariable('provider', 'string')
    .registerVariable('mcpMethod', 'string')
    .registerVariable('resource', 'string')
    .registerVariable('prompt', 'string')
    .registerVariable('skill', 'string')
    .registerVariable('api', 'string')
    .registerFunction(`string.${MATCHES}(string): bool`, (text: string, pattern: string) => compiled(patterns, pattern).test(text), sync)
    .registerFunction('emailDomains(string): list<string>', emailDomains, sync)
    .registerFunction('emailDomains(list<dyn>): list<string>', (texts: readonly unknown[]) => texts.flatMap(emailDomainsOf), sync);
}

/** Patterns are literals, checked at load: there are no more of them than conditions have. */
function compiled(patterns: Map<string, RE2>, pattern: string): RE2 {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const made = new RE2(pattern, 'u');
  patterns.set(pattern, made);
  return made;
}

/**
 * The domains of the addresses in a text, lower case: of `Ann <ann@corp.example>, b@x.example` both. A part that is no address gives the
 * empty domain, so that a rule about all domains never passes by what it could not read.
 */
export function emailDomains(text: string): string[] {
  return splitAddresses(text).map(domainOf);
}

function emailDomainsOf(value: unknown): string[] {
  return typeof value === 'string' ? emailDomains(value) : [''];
}

/** Parts between commas, semicolons and line ends; a separator in quotes parts too, which gives an empty domain. */
function splitAddresses(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && !',;\n\r'.includes(text[at]!)) continue;
    const part = text.slice(start, at).trim();
    if (part !== '') parts.push(part);
    start = at + 1;
  }
  return parts.length === 0 ? [''] : parts;
}

function domainOf(part: string): string {
  const open = part.lastIndexOf('<');
  const address = open >= 0 && part.endsWith('>') ? part.slice(open + 1, -1) : part;
  const sign = address.indexOf('@');
  const domain = address.slice(sign + 1).toLowerCase();
  return sign > 0 && isDomain(domain) && !address.includes(' ') && address.indexOf('@', sign + 1) < 0 ? domain : '';
}

/** A host name: letters, digits, hyphens and dots (other scripts as they are); no brackets, no comments, no quotes, no white space. */
function isDomain(domain: string): boolean {
  if (domain === '' || domain.startsWith('.') || domain.endsWith('.')) return false;
  for (const unit of domain) if ('"<>()[]\\:;, \t'.includes(unit) || unit < '!') return false;
  return true;
}
