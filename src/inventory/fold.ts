import { ATTR, GUARDRAIL_OPERATION } from '../telemetry/semconv.ts';
import { absorb, draftFact, type Fact, type FactDraft } from './facts.ts';
import type { FindingRow } from './finding-row.ts';
import { createFactDrafts, type FactDrafts } from './folding/fact-drafts.ts';
import { foldFacts } from './folding/fold-facts.ts';
import { type Findings, foldFindingLines, foldGuardrail } from './folding/fold-findings.ts';
import { readSpan } from './folding/seen-span.ts';
import type { IncomingSpan } from './incoming.ts';
import { type KnownPolicy, mergePolicies, mergePolicy, type Policies, policyOfSpan } from './policies.ts';
import { type Cleaner, createCleaner, createReader } from './span-reading.ts';

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
  const folding: Folding = { drafts: createFactDrafts(), findings: new Map(), policies: new Map() };
  for (const span of spans) foldSpan(folding, span, cleaner);
  const { drafts, findings, policies } = folding;
  return { facts: drafts.facts, findings, policies };
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
  readonly drafts: FactDrafts;
  readonly findings: Findings;
  readonly policies: Map<string, KnownPolicy>;
}

function foldSpan(folding: Folding, span: IncomingSpan, cleaner: Cleaner): void {
  const read = createReader(span.attributes, cleaner);
  if (read.raw(ATTR.operation) === GUARDRAIL_OPERATION) return foldGuardrail(folding.findings, span, { read, cleaner });
  const told = policyOfSpan(span, { read, cleaner });
  if (told !== undefined) {
    folding.policies.set(told.version, mergePolicy(folding.policies.get(told.version), told.policy));
    return;
  }
  const seen = readSpan(span, read, cleaner);
  if (seen === undefined) return;
  foldFacts(folding.drafts, seen, cleaner);
  foldFindingLines(folding.findings, span, { seen, cleaner });
}
