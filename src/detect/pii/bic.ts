import { COUNTRY_CODES } from '../checks/country-codes.ts';
import { countDigits } from '../checks/digits.ts';
import { labelled } from '../checks/label.ts';
import { detector } from '../detector.ts';

const hasLabel = labelled(['bic', 'swift*', 'bank identifier*', 'bank code', 'bankleitzahl'], 32);

export default detector({
  name: 'bic',
  family: 'pii',
  summary: 'Bank identifier codes (SWIFT) of 8 or 11 characters with the code of a country, after a word for them.',
  tier: 'block',
  severity: 'low',
  confidence: 0.92,
  pattern: /\b[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b/,
  check: isBic,
  context: hasLabel,
  references: ['owasp-llm:LLM02:2026', 'iso:9362'],
  finds: [
    'BIC: DEUTDEFF500',
    'SWIFT code CHASUS33.',
    '{"bic":"COBADEFFXXX"}',
    'IBAN DE89 3704 0044 0532 0130 00, BIC COBADEFF',
    'swift_code=BNPAFRPP',
    'BIC/SWIFT NEDSZAJJ',
  ],
  ignores: [
    'BIC: DOWNLOAD',
    'the word ABSOLUTE',
    'BIC of the bank',
    'SWIFT IS A LANGUAGE',
    'CHASUS33 alone',
    'bic S23CKENXXXX',
    'swift DEUTXXFF',
  ],
});

/** The check of a candidate. Words of capitals have its shape too (`LANGUAGE`, GU being Guam): letters only must stand right behind the label. */
function isBic(candidate: string, before: string): boolean {
  if (!COUNTRY_CODES.has(candidate.slice(4, 6))) return false;
  const isDistinct = countDigits(candidate) > 0 || candidate.endsWith('XXX');
  return isDistinct || endsInLabel(before);
}

const LAST_WORDS = ['bic', 'swift', 'code', 'is', 'no', 'number'];

/** Whether the label, or what stands between a label and its value, is the last word. */
function endsInLabel(before: string): boolean {
  let end = before.length;
  while (end > 0 && before[end - 1]!.toLowerCase() === before[end - 1]!.toUpperCase()) end--;
  const text = before.slice(0, end).toLowerCase();
  return LAST_WORDS.some((word) => text.endsWith(word));
}
