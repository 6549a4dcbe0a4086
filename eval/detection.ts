import type { Finding } from '../src/policy/finding.ts';
import type { Lane } from '../src/text/lane.ts';
import { type CalibrationRow, calibrate, type Judgement } from './calibration.ts';
import { createInspect, type Inspect, tierOf } from './inspect.ts';
import { type ObfuscationRow, obfuscate } from './obfuscated.ts';
import { measurePii, type PiiRow } from './pii.ts';
import { measurePromptLeaks, type PromptLeaks } from './prompt-leaks.ts';
import { type DataRecord, isTuned } from './records.ts';
import { isAbout, laneOf, type Subject, subjectOf } from './sets.ts';
import { mean, quantile, type Share, shareWhere } from './statistics.ts';

/** One record, scanned as its lane would be. */
export interface Scanned {
  readonly record: DataRecord;
  readonly subject: Subject;
  readonly lane: Lane;
  /** Those about the subject. */
  readonly findings: readonly Finding[];
  readonly micros: number;
  /** Of the half that rules may be tuned on. */
  readonly tuned: boolean;
}

/** Records of one set, kind and label: recall when they are attacks or secrets, false alarms when they are not. */
export interface KindRow {
  readonly set: string;
  readonly kind: string;
  readonly label: 0 | 1;
  readonly lane: Lane;
  readonly records: number;
  readonly block: Share;
  readonly flag: Share;
  /** The same on the half that rules are tuned on: far better there means rules written for a set's wording. */
  readonly flagTuned: Share;
}

export interface TimeRow {
  readonly set: string;
  readonly records: number;
  readonly units: number;
  readonly meanMicros: number;
  readonly p99Micros: number;
}

export interface Measured {
  readonly kinds: readonly KindRow[];
  /** Harmless kinds, pooled over sets. */
  readonly benign: readonly KindRow[];
  /** Attack kinds, pooled over sets. */
  readonly attacks: readonly KindRow[];
  readonly pii: readonly PiiRow[];
  readonly secrets: { readonly user: SecretShares; readonly output: SecretShares };
  readonly obfuscations: readonly ObfuscationRow[];
  readonly calibration: readonly CalibrationRow[];
  readonly promptLeaks: PromptLeaks;
  readonly times: readonly TimeRow[];
  /** Of the tuned half: attacks that nothing found and harmless texts with findings, as `set kind id: detectors`. Never a text. */
  readonly misses: readonly string[];
}

export interface SecretShares {
  readonly recall: Share;
  readonly specificity: Share;
}

/** Scans every record of every set and counts. All shares are of the half that no rule was tuned on, unless they say otherwise. */
export function measureDetection(sets: ReadonlyMap<string, readonly DataRecord[]>): Measured {
  const inspect = createInspect();
  const scanned = [...sets.values()].flatMap((records) => records.map((record) => scan(inspect, record)));
  const judged = scanned.filter(({ tuned }) => !tuned);
  const attacks = scanned.filter(({ subject }) => subject === 'attack');
  return {
    kinds: rows(attacks, ({ record }) => `${record.set} ${record.kind} ${record.label}`),
    benign: rows(attacks.filter(isHarmless), ({ record }) => record.kind),
    attacks: rows(attacks.filter(isWanted), ({ record }) => record.kind),
    pii: measurePii(inspect, [...sets.values()].flat()),
    secrets: { user: secretShares(inspect, judged, 'user'), output: secretShares(inspect, judged, 'output') },
    obfuscations: obfuscate(inspect, judged),
    calibration: calibrate(judged.flatMap(judgements)),
    promptLeaks: measurePromptLeaks(sets),
    times: [...Map.groupBy(scanned, ({ record }) => record.set)].map(([set, group]) => timeRow(set, group)),
    misses: scanned.filter(({ tuned }) => tuned).flatMap(missOf),
  };
}

const isWanted = ({ record }: Scanned): boolean => record.label === 1;
const isHarmless = ({ record }: Scanned): boolean => record.label === 0;

/** Scanned twice: the first time fills tables that an exchange finds filled, the second is timed. */
function scan(inspect: Inspect, record: DataRecord): Scanned {
  const [subject, lane] = [subjectOf(record), laneOf(record)];
  inspect(record.text, lane);
  const start = performance.now();
  const findings = inspect(record.text, lane);
  const micros = (performance.now() - start) * 1_000;
  return { record, subject, lane, findings: findings.filter((finding) => isAbout(subject, finding)), micros, tuned: isTuned(record) };
}

const isFound = ({ findings }: Scanned): boolean => findings.length > 0;
const isBlocked = ({ findings }: Scanned): boolean => findings.some((finding) => tierOf(finding) === 'block');

function rows(scanned: readonly Scanned[], keyOf: (one: Scanned) => string): readonly KindRow[] {
  return [...Map.groupBy(scanned, keyOf).values()].map((group) => {
    const { record, lane } = group[0]!;
    const judged = group.filter(({ tuned }) => !tuned);
    return {
      set: [...new Set(group.map((one) => one.record.set))].join(', '),
      kind: record.kind,
      label: record.label,
      lane,
      records: group.length,
      block: shareWhere(judged, isBlocked),
      flag: shareWhere(judged, isFound),
      flagTuned: shareWhere(
        group.filter(({ tuned }) => tuned),
        isFound,
      ),
    };
  });
}

function secretShares(inspect: Inspect, judged: readonly Scanned[], lane: Lane): SecretShares {
  const secrets = judged.filter(({ subject }) => subject === 'secret');
  const found = ({ record }: Scanned): boolean => inspect(record.text, lane).some((finding) => isAbout('secret', finding));
  return {
    recall: shareWhere(secrets.filter(isWanted), found),
    specificity: shareWhere(secrets.filter(isHarmless), (one) => !found(one)),
  };
}

function timeRow(set: string, group: readonly Scanned[]): TimeRow {
  const micros = group.map((one) => one.micros);
  return {
    set,
    records: group.length,
    units: Math.round(mean(group.map(({ record }) => record.text.length))),
    meanMicros: mean(micros),
    p99Micros: quantile(micros, 0.99),
  };
}

/** Types of annotated spans that a detector of personal data can be right about. */
const STRUCTURED = ['CREDIT_CARD', 'PHONE_NUMBER', 'EMAIL_ADDRESS', 'US_SSN', 'IBAN_CODE', 'IP_ADDRESS', 'US_DRIVER_LICENSE', 'DATE_TIME'];

/** Each detector's word about a record: right or wrong. Bare values are left out: one that is invalid for a country is valid for another. */
function judgements({ record, subject, findings }: Scanned): readonly Judgement[] {
  const judge = (finding: Finding, right: boolean): Judgement => ({ tier: tierOf(finding), confidence: finding.confidence, right });
  if (subject === 'pii') {
    const spans = record.spans?.filter(({ type }) => STRUCTURED.includes(type));
    if (spans === undefined) return [];
    return findings.map((finding) =>
      judge(
        finding,
        spans.some(({ start, end }) => finding.start < end && start < finding.end),
      ),
    );
  }
  const first = new Map(findings.map((finding) => [finding.detector, finding]));
  return [...first.values()].map((finding) => judge(finding, record.label === 1));
}

function missOf(one: Scanned): readonly string[] {
  const { record, findings, subject } = one;
  if (subject === 'pii' || isFound(one) === isWanted(one)) return [];
  const detectors = [...new Set(findings.map((finding) => `${finding.detector} (${tierOf(finding)})`))].join(', ');
  return [`${record.set} ${record.kind} ${record.id}: ${detectors === '' ? 'nothing found' : detectors}`];
}
