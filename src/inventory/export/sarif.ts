import type { Dismissal } from '../dismissals.ts';
import type { FindingAnswer } from '../finding-query.ts';

const LEVELS: Readonly<Record<string, string>> = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' };

export interface SarifOptions {
  readonly toolVersion: string;
  /** Those that findings name. */
  readonly dismissals: readonly Dismissal[];
  /** Findings that fit no more; the file says how many. */
  readonly leftOut: number;
}

/**
 * Findings as SARIF 2.1.0: a rule is a detector, a place is an endpoint, a dismissal is a suppression. No text of traffic: there is none in
 * a finding.
 */
export function sarifOf(findings: readonly FindingAnswer[], { toolVersion, dismissals, leftOut }: SarifOptions) {
  const detectors = [...new Set(findings.map(({ detector }) => detector))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'sluice', version: toolVersion, rules: detectors.map((id) => ({ id, shortDescription: { text: id } })) } },
        results: findings.map((finding) => resultOf(finding, detectors, dismissals)),
        properties: { findingsLeftOut: leftOut },
      },
    ],
  };
}

function resultOf(finding: FindingAnswer, detectors: readonly string[], dismissals: readonly Dismissal[]) {
  const { id, time, detector, severity, confidence, lane, direction, action, taken, method, host, path, exchangeId, callerKind, callerId } =
    finding;
  const dismissal = dismissals.find((one) => one.id === finding.dismissal);
  const place = host === '' ? 'unknown' : `${method} ${host}${path}`;
  return {
    ruleId: detector,
    ruleIndex: detectors.indexOf(detector),
    level: LEVELS[severity] ?? 'warning',
    message: { text: `${detector} in the ${direction} (${lane}); wanted ${action}, done ${taken}` },
    locations: [{ logicalLocations: [{ fullyQualifiedName: place, kind: 'resource' }] }],
    partialFingerprints: { 'sluiceFinding/v1': id },
    ...(dismissal && { suppressions: [{ kind: 'external', status: 'accepted', justification: dismissal.row.reason }] }),
    properties: { time, severity, confidence, direction, lane, action, taken, exchangeId, caller: `${callerKind}:${callerId}` },
  };
}
