import { type Detector, detectorId } from '../detect/detector.ts';
import type { PolicyError } from './problem.ts';
import type { PolicyDocument } from './schema.ts';
import type { YamlDocument } from './yaml-source.ts';

/** The one detector that has tokens. */
const CANARY = 'leak.canary';

/** The detectors with the canaries that a policy lists: they are found beside those of the built-in form, in any case and coding. */
export function withCanaryTokens(catalogue: readonly Detector[], document: PolicyDocument): readonly Detector[] {
  const tokens = document.detectors?.[CANARY]?.tokens;
  if (tokens === undefined) return catalogue;
  return catalogue.map((one) => (detectorId(one) === CANARY ? { ...one, pattern: orToken(one.pattern, tokens) } : one));
}

function orToken({ source, flags }: RegExp, tokens: readonly string[]): RegExp {
  const listed = tokens.map((token) => token.replaceAll('.', '\\.')); // of their signs only the dot means something in a pattern
  return new RegExp(`(?:${source})|\\b(?:${listed.join('|')})\\b`, flags);
}

/** Tokens in rows of other detectors. */
export function tokenProblems(document: PolicyDocument, yaml: YamlDocument): PolicyError[] {
  return Object.entries(document.detectors ?? {}).flatMap(([id, { tokens }]) =>
    tokens === undefined || id === CANARY
      ? []
      : [yaml.problemAtKey(['detectors', id, 'tokens'], `detectors › ${id} › "tokens" belongs to ${CANARY} alone; remove it`)],
  );
}
