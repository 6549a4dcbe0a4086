import { countDigits } from '../checks/digits.ts';
import { labelled } from '../checks/label.ts';
import { detector } from '../detector.ts';

const hasLabel = labelled(
  [
    'health insurance',
    'health insurance number',
    'health insurance policy*',
    'health insurance id',
    'health insurance member*',
    'medical insurance*',
    'health plan*',
    'health card*',
    'insurance member*',
    'insurance id',
    'insurance subscriber*',
    'subscriber id',
    'subscriber number',
    'medicaid*',
    'medicare*',
    'krankenversicher*',
    'versichertennummer*',
    'versicherten nr',
    'krankenkasse*',
    'kvnr',
    'tarjeta sanitaria',
    'numero de adherent',
    'numéro d adhérent',
    'numero adherent',
    'mutuelle',
    'tessera sanitaria',
    'zorgverzekering*',
    'polisnummer zorg*',
    '健康保険*',
    '医保*',
    '건강보험*',
  ],
  56,
);

export default detector({
  name: 'health-insurance',
  family: 'pii',
  summary: 'Health plan member, policy and insurance numbers of 5 to 14 digits, after words for them.',
  tier: 'block',
  severity: 'high',
  confidence: 0.88,
  pattern: /\b(?:[a-z]{1,4}-?|(?-i:[A-Z]) )?(?:\d{5,14}|\d{2,5}(?:[ -]\d{2,5}){1,3})(?:[ -]?[a-z]{1,2}|-\d{2})?\b/i,
  check: isMemberNumber,
  context: hasLabel,
  references: ['owasp-llm:LLM02:2026', 'hipaa:164.514(b)(2)'],
  finds: [
    'health insurance number A123456780',
    'health plan member ID: XYZ123456789',
    '{"insuranceMemberId":"W2234567801"}',
    'Krankenversichertennummer A123456780',
    'Versichertennummer M 310 119 800',
    'Medicaid ID AB12345C',
    'subscriber ID 884-21-0097',
    'medical insurance policy number 44872210',
  ],
  ignores: [
    'order A123456780',
    'health insurance costs 450 a month',
    'car insurance policy 44872210',
    'member ID 884210 of the forum',
    'health insurance in 2024',
    'the plan has 123456 members',
    'healthy since 01-02-2020',
  ],
});

const DIGITS_MIN = 5;

function isMemberNumber(candidate: string): boolean {
  return countDigits(candidate) >= DIGITS_MIN;
}
