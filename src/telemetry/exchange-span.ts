import { strengthOf } from '../agents/identity/identity.ts';
import { SEVERITIES } from '../detect/detector.ts';
import type { CallerRecord, ExchangeRecord } from '../exchange/events.ts';
import type { Finding, FindingAction } from '../policy/finding.ts';
import type { Direction, Lane } from '../text/lane.ts';
import { type Redact, safeHost, safeName, templatePath } from './path-template.ts';
import { ATTR, GUARDRAIL_OPERATION, HTTP_METHODS } from './semconv.ts';
import type { Attributes, AttributeValue, SpanData } from './span.ts';
import { parseTraceparent } from './trace-context.ts';

/** What turning a record into spans needs from outside. */
export interface SpanSources {
  readonly redact: Redact;
  /** Keyed hash of an id that came from traffic, as short hex; undefined leaves such ids out. */
  readonly hashId: ((id: string) => string) | undefined;
  /** Random lower-case hex digits. */
  readonly randomHex: (digits: number) => string;
}

/**
 * One exchange as one SERVER span that continues the request's `traceparent`, with its findings as attributes. Named
 * `<operation> <model>` (`chat gpt-4o`) when it is a GenAI operation, otherwise `<METHOD> <templated path>`.
 * Status ERROR for answers of 500 and above and for exchanges the filter broke off; a denial is no error.
 */
export function exchangeSpan(record: ExchangeRecord, sources: SpanSources): SpanData {
  const parent = parseTraceparent(record.traceparent);
  const attributes = exchangeAttributes(record, sources);
  return {
    traceId: parent?.traceId ?? sources.randomHex(32),
    spanId: sources.randomHex(16),
    parentSpanId: parent?.spanId,
    name: spanName(attributes),
    kind: 'server',
    startUnixMs: record.startUnixMs,
    endUnixMs: Math.max(record.startUnixMs, record.endUnixMs),
    attributes,
    error: ATTR.errorType in attributes,
  };
}

/** One `run_guardrail <detector>` child per finding. Detectors do not time themselves: the spans have no length, at the exchange's end. */
export function findingSpans(record: ExchangeRecord, exchange: SpanData, sources: SpanSources): readonly SpanData[] {
  return record.findings.map((finding) => ({
    traceId: exchange.traceId,
    spanId: sources.randomHex(16),
    parentSpanId: exchange.spanId,
    name: `${GUARDRAIL_OPERATION} ${finding.detector}`,
    kind: 'internal',
    startUnixMs: exchange.endUnixMs,
    endUnixMs: exchange.endUnixMs,
    attributes: { [ATTR.operation]: GUARDRAIL_OPERATION, ...findingAttributes(record, finding) },
    error: false,
  }));
}

/** A finding as attributes of its span and its log record: where and what kind, never the text. */
export function findingAttributes(record: ExchangeRecord, finding: Finding): Attributes {
  return {
    [ATTR.detector]: finding.detector,
    [ATTR.family]: finding.family,
    [ATTR.severity]: finding.severity,
    [ATTR.confidence]: finding.confidence,
    [ATTR.lane]: finding.lane,
    [ATTR.direction]: finding.direction,
    [ATTR.action]: finding.action,
    [ATTR.actionTaken]: finding.taken,
    [ATTR.start]: finding.start,
    [ATTR.length]: finding.end - finding.start,
    [ATTR.references]: finding.references,
    ...whyAttributes(finding),
    [ATTR.exchangeId]: record.exchangeId,
    [ATTR.guardrailName]: 'sluice',
    [ATTR.securityTarget]: securityTarget(finding.lane, finding.direction),
    [ATTR.securityVerdict]: SECURITY_VERDICTS[finding.action],
    [ATTR.securityAction]: SECURITY_ACTIONS[finding.taken],
    [ATTR.securityPolicyId]: record.profile,
    [ATTR.securityPolicyVersion]: record.policyVersion,
    [ATTR.securityRule]: finding.detector,
    [ATTR.securityRisk]: finding.family,
    [ATTR.securityScore]: finding.confidence,
  };
}

function whyAttributes({ subject, rule, reason, explanation }: Finding): Attributes {
  return present({
    [ATTR.subject]: subject,
    [ATTR.policyRule]: rule,
    [ATTR.findingReason]: reason,
    [ATTR.explanation]: explanation,
  } as Partial<Attributes>);
}

/** A record whose findings name nothing but what may be seen: the names in them come from traffic. */
export function withSafeSubjects(record: ExchangeRecord, redact: Redact | undefined): ExchangeRecord {
  if (record.findings.every(({ subject }) => subject === undefined)) return record;
  const safe = (finding: Finding): Finding =>
    finding.subject === undefined ? finding : { ...finding, subject: safeName(finding.subject, redact) };
  return { ...record, findings: record.findings.map(safe) };
}

/** Whether a finding was stopped before its text left. */
export const isPrevented = (finding: Finding): boolean => finding.taken !== 'observe';

const SECURITY_VERDICTS = { observe: 'warn', redact: 'modify', tokenize: 'modify', deny: 'deny' } as const satisfies Record<
  FindingAction,
  string
>;
const SECURITY_ACTIONS = { observe: 'allow', redact: 'modify', tokenize: 'modify', deny: 'block' } as const satisfies Record<
  FindingAction,
  string
>;

function securityTarget(lane: Lane, direction: Direction): string {
  if (lane === 'tool-arguments') return 'tool_call';
  if (lane === 'tool-definition') return 'tool_definition';
  if (lane === 'document') return 'knowledge_result';
  return direction === 'request' ? 'llm_input' : 'llm_output';
}

function exchangeAttributes(record: ExchangeRecord, sources: SpanSources): Attributes {
  return present({
    ...httpAttributes(record, sources),
    ...genAiAttributes(record, sources),
    ...ownAttributes(record, sources),
    ...callerAttributes(record.caller),
    ...findingsSummary(record.findings),
  });
}

function httpAttributes(record: ExchangeRecord, { redact }: SpanSources): Partial<Attributes> {
  const host = safeHost(record.host, redact);
  const path = templatePath(record.path, redact);
  return {
    [ATTR.httpMethod]: HTTP_METHODS.has(record.method) ? record.method : '_OTHER',
    [ATTR.urlScheme]: record.scheme === 'http' || record.scheme === 'https' ? record.scheme : undefined,
    [ATTR.serverAddress]: host.address === '' ? undefined : host.address,
    [ATTR.serverPort]: host.port,
    [ATTR.urlPath]: path,
    [ATTR.httpRoute]: path,
    [ATTR.httpStatus]: record.status,
    [ATTR.userAgent]: record.userAgent === undefined ? undefined : safeName(record.userAgent, redact),
    [ATTR.errorType]: errorType(record),
  } as Partial<Attributes>;
}

function errorType(record: ExchangeRecord): string | undefined {
  if (record.outcome === 'aborted') return 'aborted';
  return record.status !== undefined && record.status >= 500 ? String(record.status) : undefined;
}

/** Finish reasons of the dialects we know; any other word is the provider's free text and becomes `other`. */
const FINISH_REASONS: ReadonlySet<string> = new Set(
  (
    'stop length tool_calls tool_call function_call content_filter end_turn max_tokens stop_sequence tool_use pause_turn refusal complete error ' +
    'STOP MAX_TOKENS SAFETY RECITATION COMPLETE ERROR TOOL_CALL guardrail_intervened content_filtered model_context_window_exceeded'
  ).split(' '),
);

/** Tool names kept of one exchange. */
const TOOLS_MAX = 64;

function genAiAttributes({ facts, operation, provider }: ExchangeRecord, { redact, hashId }: SpanSources): Partial<Attributes> {
  const name = (text: string | undefined) => (text === undefined || text === '' ? undefined : safeName(text, redact));
  const hashed = (id: string | undefined) => (id === undefined || hashId === undefined ? undefined : hashId(id));
  const names = (all: readonly string[]) => [...new Set(all.slice(0, TOOLS_MAX).map((tool) => safeName(tool, redact)))];
  return {
    [ATTR.operation]: operation,
    [ATTR.provider]: provider,
    [ATTR.requestModel]: name(facts.model),
    [ATTR.requestStream]: facts.stream,
    [ATTR.responseModel]: name(facts.responseModel),
    [ATTR.responseId]: hashed(facts.responseId),
    [ATTR.conversationId]: hashed(facts.conversationId),
    [ATTR.finishReasons]: [...new Set(facts.finishReasons.map((reason) => (FINISH_REASONS.has(reason) ? reason : 'other')))],
    [ATTR.inputTokens]: facts.inputTokens,
    [ATTR.outputTokens]: facts.outputTokens,
    [ATTR.toolsDeclared]: names(facts.toolsDeclared),
    [ATTR.toolsCalled]: names(facts.toolsCalled),
    [ATTR.clientName]: name(facts.clientName),
    [ATTR.serverName]: name(facts.serverName),
    [ATTR.methods]: names(facts.methods),
    [ATTR.unfit]: facts.unfit,
  } as Partial<Attributes>;
}

function ownAttributes(record: ExchangeRecord, { redact }: SpanSources): Partial<Attributes> {
  return {
    [ATTR.exchangeId]: record.exchangeId,
    [ATTR.dialect]: record.dialect,
    [ATTR.verdict]: record.verdict,
    [ATTR.outcome]: record.outcome,
    [ATTR.mode]: record.mode,
    [ATTR.policyVersion]: record.policyVersion,
    [ATTR.profile]: record.profile,
    [ATTR.routeName]: record.routeName === undefined ? undefined : safeName(record.routeName, redact),
    [ATTR.auth]: record.auth,
    [ATTR.callerHash]: record.callerHash,
    [ATTR.requestBytes]: record.requestBytes,
    [ATTR.responseBytes]: record.responseBytes,
    [ATTR.requestType]: mediaType(record.requestContentType),
    [ATTR.responseType]: mediaType(record.responseContentType),
    [ATTR.uninspected]: sorted(record.uninspected.map(({ direction, reason }) => `${direction}:${reason}`)),
  } as Partial<Attributes>;
}

function callerAttributes(caller: CallerRecord | undefined): Partial<Attributes> {
  if (caller === undefined) return {};
  const { agent, standing, identity } = caller;
  const [person] = identity.persons;
  return {
    [ATTR.agentName]: standing === 'unknown' ? undefined : agent,
    [ATTR.agentStrength]: strengthOf(identity),
    [ATTR.personHash]: person?.hash.slice(0, SHOWN_HASH_DIGITS),
    [ATTR.sessionHashes]: identity.sessions.filter(({ from }) => from !== 'trace').map(({ id }) => id.slice(0, SHOWN_HASH_DIGITS)),
  } as Partial<Attributes>;
}

const SHOWN_HASH_DIGITS = 12;

function findingsSummary(findings: readonly Finding[]): Partial<Attributes> {
  if (findings.length === 0) return {};
  const detectors = (direction: Direction) => sorted(findings.filter((one) => one.direction === direction).map((one) => one.detector));
  return {
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
}

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
function mediaType(contentType: string | undefined): string | undefined {
  const essence = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (essence === undefined || essence === '') return undefined;
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

/** Drops what is undefined or an empty list: an absent attribute costs nothing. */
function present(attributes: Partial<Attributes>): Attributes {
  const kept: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    kept[name] = value;
  }
  return kept;
}

function spanName(attributes: Attributes): string {
  const operation = attributes[ATTR.operation];
  if (operation === undefined) return [attributes[ATTR.httpMethod], attributes[ATTR.httpRoute]].join(' ');
  return [operation, attributes[ATTR.requestModel]].filter((word) => word !== undefined).join(' ');
}
