import { isBalticCode } from '../checks/baltic-code.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { IDENTITY_WORDS, TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['isikukood', 'isikukoodi', 'IK', ...TAX_WORDS, ...IDENTITY_WORDS]);

export default detector({
  name: 'ee-isikukood',
  family: 'pii',
  summary: 'Estonian personal codes (sex and century, birth date, check digit modulo 11) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b[1-8]\d{2}[01]\d[0-3]\d{5}\b/,
  check: isIsikukood,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['isikukood 47507186275', '"isikukood":"38108011351"', 'IK: 47301128770', 'Estonian personal code 45201135048'],
  ignores: ['isikukood 47507186276', 'tellimus 38108011351', 'isikukood 38113011350', 'ik 0.38108011351', 'at 17321904000'],
});

/** The check of a candidate. */
function isIsikukood(candidate: string, before: string): boolean {
  return isBalticCode(candidate) && !continuesNumber(candidate, before);
}
