import { continuesNumber } from '../checks/number-edges.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 've-rif',
  family: 'pii',
  summary: 'Venezuelan tax numbers (RIF: kind, eight digits, modulo 11) with hyphens, others after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b[VEJPGC]-?\d{8}-?\d\b/i,
  check: isRif,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['RIF V-86582629-6', 'J-30712334-6 emite la factura', 'rif: v927469096', '"rif":"V987479856"'],
  ignores: ['RIF V-86582629-7', 'J-30712334-7', 'part V865826296', 'item v927469096', 'rif X-86582629-6'],
});

/** The check of a candidate (SENIAT): the kind counts four times its place, weights 3, 2, 7 to 2; eleven less the remainder, or 0. */
function isRif(candidate: string, before: string): boolean {
  const kind = KINDS.indexOf(candidate[0]!.toUpperCase()) + 1;
  const check = '00987654321'[((kind === 6 ? 3 : kind) * 4 + weightedSum(candidate, WEIGHTS)) % 11];
  if (check !== candidate.at(-1) || continuesNumber(candidate, before)) return false;
  return candidate.includes('-') || isNamed(before);
}

const KINDS = 'VEJPGC';
const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2];
const isNamed = wordNearby(['rif', 'r.i.f', 'informacion fiscal', ...TAX_WORDS]);
