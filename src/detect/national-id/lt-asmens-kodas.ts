import { isBalticCode } from '../checks/baltic-code.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['asmens kod', 'asmenskod', 'a.k', ...TAX_WORDS, ...IDENTITY_WORDS]);

export default detector({
  name: 'lt-asmens-kodas',
  family: 'pii',
  summary: 'Lithuanian personal codes (sex and century, birth date, check digit modulo 11) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b[1-6]\d{2}[01]\d[0-3]\d{5}\b/,
  check: isAsmensKodas,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['asmens kodas 36207202007', '"asmensKodas":"48307200250"', 'a.k. 49303247731', 'Lithuanian personal code: 39707093991'],
  ignores: ['asmens kodas 36207202008', 'užsakymas 48307200250', 'asmens kodas 36213202007', 'a.k. 0.48307200250', 'at 17321904000'],
});

/** The check of a candidate. */
function isAsmensKodas(candidate: string, before: string): boolean {
  return isBalticCode(candidate) && !continuesNumber(candidate, before);
}
