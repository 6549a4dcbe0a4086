import { ATTR, SCOPE_NAME } from '../../telemetry/semconv.ts';
import {
  checkedParts,
  FINDINGS_MAX,
  type FindingContext,
  type FindingRow,
  findingRow,
  readFindingLine,
  thousandths,
} from '../finding-row.ts';
import type { IncomingSpan } from '../incoming.ts';
import { boundedTime } from '../iso-time.ts';
import type { Cleaner, Reader } from '../span-reading.ts';
import type { Seen } from './seen-span.ts';
import { agentsOf, type Caller, callerOf, hostOf, httpMethod, pathOf } from './span-attributes.ts';

/** Findings by their id, each once. */
export type Findings = Map<string, FindingRow>;

/** The findings that a span of an exchange lists. */
export function foldFindingLines(
  findings: Findings,
  span: IncomingSpan,
  { seen, cleaner }: { readonly seen: Seen; readonly cleaner: Cleaner },
): void {
  const lines = seen.read.lines(ATTR.findingRows);
  if (lines.length === 0) return;
  const context = contextOf(seen.read, { timeMs: seen.endMs, caller: seen.caller, cleaner });
  for (const line of lines.slice(0, FINDINGS_MAX)) {
    const parts = readFindingLine(line, cleaner.name);
    if (parts !== undefined) addFinding(findings, findingRow(parts, context, span.traceId + span.spanId));
  }
}

interface GuardrailSources {
  readonly read: Reader;
  readonly cleaner: Cleaner;
}

/** A finding of another guardrail that follows the (experimental) conventions. */
export function foldGuardrail(findings: Findings, span: IncomingSpan, { read, cleaner }: GuardrailSources): void {
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
  addFinding(findings, findingRow(parts, context, span.traceId + span.spanId));
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
function addFinding(findings: Findings, row: FindingRow): void {
  const known = findings.get(row.id);
  if (known === undefined || JSON.stringify(row) < JSON.stringify(known)) findings.set(row.id, row);
}
