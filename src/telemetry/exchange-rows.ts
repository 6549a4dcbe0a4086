import { strengthOf } from '../agents/identity/identity.ts';
import { useLines } from '../agents/permissions/grant-lines.ts';
import { SEVERITIES } from '../detect/detector.ts';
import type { CallerRecord, ExchangeRecord } from '../exchange/events.ts';
import type { Finding } from '../policy/finding.ts';
import type { Direction } from '../text/lane.ts';
import { isPrevented } from './finding-attributes.ts';
import { type Redact, safeHost, safeName, templatePath } from './path-template.ts';
import { ATTR, HTTP_METHODS } from './semconv.ts';
import type { Attributes, AttributeValue } from './span.ts';
import { usageNames } from './usage-names.ts';

/** What the attributes of an exchange need from outside. */
export interface RowSources {
  readonly redact: Redact;
  /** Keyed hash of an id that came from traffic, as short hex; undefined leaves such ids out. */
  readonly hashId: ((id: string) => string) | undefined;
}

/** One attribute of an exchange. */
export interface ExchangeRow {
  readonly name: string;
  /** Undefined, or an empty list: the exchange has none. */
  readonly value: (record: ExchangeRecord, sources: RowSources) => AttributeValue | undefined;
  /**
   * What alone decides the value, where exchanges have the same again and again: two records with equal texts have equal values, and one
   * with none has no value. Default: every exchange has its own.
   */
  readonly by?: (record: ExchangeRecord) => string | undefined;
}

type Of<T> = (record: ExchangeRecord) => T;

/** A text of traffic or of ours, made fit to leave. */
const text = (name: string, of: Of<string | undefined>, fit: (text: string, sources: RowSources) => AttributeValue | undefined) => ({
  name,
  by: of,
  value(record: ExchangeRecord, sources: RowSources): AttributeValue | undefined {
    const given = of(record);
    return given === undefined ? undefined : fit(given, sources);
  },
});

/** A word of a closed list, or a name of ours. */
const word = (name: string, of: Of<string | undefined>) => text(name, of, (given) => given);

const named = (name: string, of: Of<string | undefined>) =>
  text(name, of, (given, { redact }) => (given === '' ? undefined : safeName(given, redact)));

/** A list of which the exchanges of an endpoint have the same. */
const list = <T>(
  name: string,
  of: Of<readonly T[]>,
  { keyOf, fit }: { readonly keyOf: (one: T) => string; readonly fit: (all: readonly T[], sources: RowSources) => readonly string[] },
): ExchangeRow => ({
  name,
  by(record) {
    const all = of(record);
    if (all.length === 0) return undefined;
    let text = '';
    for (const one of all) text += withLength(keyOf(one));
    return text;
  },
  value: (record, sources) => fit(of(record), sources),
});

/** So that no two lists of texts are one text. */
const withLength = (text: string): string => `${text.length} ${text}`;

const hashed = (name: string, of: Of<string | undefined>): ExchangeRow => ({
  name,
  value(record, { hashId }) {
    const id = of(record);
    return id === undefined ? undefined : hashId?.(id);
  },
});

/** Tool names kept of one exchange. */
const TOOLS_MAX = 64;

const names = (name: string, of: Of<readonly string[]>) =>
  list(name, of, {
    keyOf: (tool) => tool,
    fit: (all, { redact }) => [...new Set(all.slice(0, TOOLS_MAX).map((tool) => safeName(tool, redact)))],
  });

/** Of one of the policy's agents. */
const agentOf = ({ caller }: ExchangeRecord): CallerRecord | undefined => (caller?.standing === 'unknown' ? undefined : caller);

const pathOf: Of<string> = ({ path }) => path;
const templated = (path: string, { redact }: RowSources): string => templatePath(path, redact);

/** Every attribute of an exchange but those of its findings and of what was learned, in the order in which they leave. */
export const EXCHANGE_ROWS: readonly ExchangeRow[] = [
  text(
    ATTR.httpMethod,
    ({ method }) => method,
    (method) => knownMethod(method),
  ),
  word(ATTR.urlScheme, ({ scheme }) => (scheme === 'http' || scheme === 'https' ? scheme : undefined)),
  text(
    ATTR.serverAddress,
    ({ host }) => host,
    (host, { redact }) => safeHost(host, redact).address || undefined,
  ),
  text(
    ATTR.serverPort,
    ({ host }) => host,
    (host, { redact }) => safeHost(host, redact).port,
  ),
  text(ATTR.urlPath, pathOf, templated),
  text(ATTR.httpRoute, pathOf, templated),
  { name: ATTR.httpStatus, value: ({ status }) => status },
  text(
    ATTR.userAgent,
    ({ userAgent }) => userAgent,
    (agent, { redact }) => safeName(agent, redact),
  ),
  { name: ATTR.errorType, value: errorType },

  word(ATTR.operation, ({ operation }) => operation),
  word(ATTR.provider, ({ provider }) => provider),
  named(ATTR.requestModel, ({ facts }) => facts.model),
  { name: ATTR.requestStream, value: ({ facts }) => facts.stream },
  named(ATTR.responseModel, ({ facts }) => facts.responseModel),
  hashed(ATTR.responseId, ({ facts }) => facts.responseId),
  hashed(ATTR.conversationId, ({ facts }) => facts.conversationId),
  list(ATTR.finishReasons, ({ facts }) => facts.finishReasons, {
    keyOf: (reason) => reason,
    fit: (reasons) => [...new Set(reasons.map((reason) => (FINISH_REASONS.has(reason) ? reason : 'other')))],
  }),
  { name: ATTR.inputTokens, value: ({ facts }) => facts.inputTokens },
  { name: ATTR.outputTokens, value: ({ facts }) => facts.outputTokens },
  names(ATTR.toolsDeclared, ({ facts }) => facts.toolsDeclared),
  names(ATTR.toolsCalled, ({ facts }) => facts.toolsCalled),
  named(ATTR.clientName, ({ facts }) => facts.clientName),
  named(ATTR.serverName, ({ facts }) => facts.serverName),
  names(ATTR.methods, ({ facts }) => facts.methods),
  { name: ATTR.unfit, value: ({ facts }) => facts.unfit },

  { name: ATTR.exchangeId, value: ({ exchangeId }) => exchangeId },
  word(ATTR.dialect, ({ dialect }) => dialect),
  word(ATTR.verdict, ({ verdict }) => verdict),
  word(ATTR.outcome, ({ outcome }) => outcome),
  word(ATTR.mode, ({ mode }) => mode),
  word(ATTR.policyVersion, ({ policyVersion }) => policyVersion),
  word(ATTR.profile, ({ profile }) => profile),
  text(
    ATTR.routeName,
    ({ routeName }) => routeName,
    (route, { redact }) => safeName(route, redact),
  ),
  word(ATTR.auth, ({ auth }) => auth),
  word(ATTR.callerHash, ({ callerHash }) => callerHash),
  { name: ATTR.requestBytes, value: ({ requestBytes }) => requestBytes },
  { name: ATTR.responseBytes, value: ({ responseBytes }) => responseBytes },
  text(ATTR.requestType, ({ requestContentType }) => requestContentType, mediaType),
  text(ATTR.responseType, ({ responseContentType }) => responseContentType, mediaType),
  list(ATTR.uninspected, ({ uninspected }) => uninspected, {
    keyOf: ({ direction, reason }) => `${direction}:${reason}`,
    fit: (all) => sorted(all.map(({ direction, reason }) => `${direction}:${reason}`)),
  }),

  word(ATTR.agentName, (record) => agentOf(record)?.agent),
  list(ATTR.agentUses, (record) => agentOf(record)?.uses ?? [], {
    keyOf: ({ list: of, name, permitted }) => `${of} ${permitted} ${name}`,
    fit: (uses, { redact }) => useLines(uses, usageNames(redact)),
  }),
  word(ATTR.agentStrength, ({ caller }) => caller && strengthOf(caller.identity)),
  { name: ATTR.personHash, value: ({ caller }) => caller?.identity.persons[0]?.hash.slice(0, SHOWN_HASH_DIGITS) },
  { name: ATTR.sessionHashes, value: ({ caller }) => caller && sessionHashes(caller) },
];

/** The attributes of the rows, of the findings and of what nobody was told lately. */
export function exchangeAttributes(record: ExchangeRecord, sources: RowSources, news: Attributes): Attributes {
  const kept: Record<string, AttributeValue> = {};
  for (const { name, value } of EXCHANGE_ROWS) {
    const given = value(record, sources);
    if (isPresent(given)) kept[name] = given;
  }
  return { ...kept, ...findingsSummary(record.findings), ...news };
}

/** An absent attribute costs nothing. */
export const isPresent = (value: AttributeValue | undefined): value is AttributeValue =>
  value !== undefined && !(typeof value === 'object' && value.length === 0);

/** `<operation> <model>` of a GenAI operation, otherwise `<METHOD> <templated path>`. */
export const EXCHANGE_NAME = {
  by: ({ operation, facts, method, path }: ExchangeRecord): string =>
    operation === undefined ? `${knownMethod(method)} ${path}` : `${operation} ${facts.model ?? ''}`,
  value({ operation, facts, method, path }: ExchangeRecord, { redact }: RowSources): string {
    if (operation === undefined) return `${knownMethod(method)} ${templatePath(path, redact)}`;
    return facts.model === undefined || facts.model === '' ? operation : `${operation} ${safeName(facts.model, redact)}`;
  },
} as const;

const knownMethod = (method: string): string => (HTTP_METHODS.has(method) ? method : '_OTHER');

function errorType(record: ExchangeRecord): string | undefined {
  if (record.outcome === 'aborted') return 'aborted';
  return record.status !== undefined && record.status >= 500 ? String(record.status) : undefined;
}

/** Answers of 500 and above and exchanges the filter broke off; a denial is no error. */
export const isError = (record: ExchangeRecord): boolean => errorType(record) !== undefined;

/** Finish reasons of the dialects we know; any other word is the provider's free text and becomes `other`. */
const FINISH_REASONS: ReadonlySet<string> = new Set(
  (
    'stop length tool_calls tool_call function_call content_filter end_turn max_tokens stop_sequence tool_use pause_turn refusal complete error ' +
    'STOP MAX_TOKENS SAFETY RECITATION COMPLETE ERROR TOOL_CALL guardrail_intervened content_filtered model_context_window_exceeded'
  ).split(' '),
);

const SHOWN_HASH_DIGITS = 12;

const sessionHashes = ({ identity }: CallerRecord): readonly string[] =>
  identity.sessions.filter(({ from }) => from !== 'trace').map(({ id }) => id.slice(0, SHOWN_HASH_DIGITS));

/** What an exchange says of its findings. */
export function findingsSummary(findings: readonly Finding[]): Attributes {
  if (findings.length === 0) return NO_FINDINGS;
  const detectors = (direction: Direction) => sorted(findings.filter((one) => one.direction === direction).map((one) => one.detector));
  const summary = {
    [ATTR.findingCount]: findings.length,
    [ATTR.findingPrevented]: findings.filter(isPrevented).length,
    [ATTR.findingDetectors]: sorted(findings.map((one) => one.detector)),
    [ATTR.findingRequestDetectors]: detectors('request'),
    [ATTR.findingResponseDetectors]: detectors('response'),
    [ATTR.findingActions]: sorted(findings.map((one) => one.taken)),
    [ATTR.findingSeverity]: SEVERITIES[Math.max(...findings.map((one) => SEVERITIES.indexOf(one.severity)))] ?? 'info',
    [ATTR.findingReferences]: sorted(findings.flatMap((one) => one.references)),
    [ATTR.findingRows]: findings.slice(0, FINDING_ROWS_MAX).map(findingLine),
  };
  return Object.fromEntries(Object.entries(summary).filter(([, value]) => isPresent(value)));
}

const NO_FINDINGS: Attributes = {};

/** Findings an exchange's span tells of one by one; `sluice.finding.count` counts them all. */
const FINDING_ROWS_MAX = 256;

/** One finding as `sluice.finding.rows` has it: fixed words and numbers, so the bar needs no escape. */
const findingLine = (one: Finding): string =>
  [
    one.detector,
    one.family,
    one.severity,
    one.confidence,
    one.lane,
    one.direction,
    one.action,
    one.taken,
    one.start,
    one.end - one.start,
  ].join('|');

/** Type and subtype in lower case where we know them; a header may say anything, so that every other one is `other`. */
function mediaType(contentType: string): string | undefined {
  const essence = contentType.split(';', 1)[0]!.trim().toLowerCase();
  if (essence === '') return undefined;
  if (MEDIA_TYPES.has(essence)) return essence;
  if (essence.startsWith('application/') && essence.endsWith('+json')) return 'application/*+json';
  return 'other';
}

const MEDIA_TYPES: ReadonlySet<string> = new Set(
  (
    'application/json application/problem+json application/x-ndjson application/jsonl application/x-www-form-urlencoded application/xml ' +
    'application/octet-stream application/pdf application/zip application/grpc application/grpc-web application/x-protobuf application/graphql ' +
    'application/json-rpc application/vnd.amazon.eventstream application/javascript multipart/form-data multipart/mixed text/plain text/html ' +
    'text/event-stream text/csv text/xml text/css text/javascript text/markdown image/png image/jpeg image/gif image/webp image/svg+xml ' +
    'audio/mpeg audio/wav audio/ogg audio/webm audio/mp4 video/mp4 video/webm font/woff2'
  ).split(' '),
);

/** Each value once, in alphabetical order. */
const sorted = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();
