import { labelled } from '../checks/label.ts';
import { passesLuhn } from '../checks/luhn.ts';
import { detector } from '../detector.ts';

const hasLabel = labelled(['npi', 'national provider*', 'provider id', 'provider identifier', 'provider number']);

export default detector({
  name: 'us-npi',
  family: 'pii',
  summary: 'US national provider identifiers of ten digits: Luhn over the prefix 80840, after a word for them.',
  tier: 'block',
  severity: 'low',
  confidence: 0.96,
  pattern: /\b[12]\d{9}\b/,
  check: (candidate) => passesLuhn(ISSUER + candidate),
  context: hasLabel,
  references: ['owasp-llm:LLM02:2026', 'cms:npi'],
  finds: ['NPI 1234567893', '{"npi":"1245319599"}', 'National Provider Identifier: 1730175563.', 'provider id 1992796858'],
  ignores: ['NPI 1234567890', 'order 1234567893', 'npi 3234567893', 'npi 123456789', '1234567893', 'npm i 1234567893'],
});

/** The health industry (80) and the United States (840), which the check digit is computed with (45 CFR 162.406). */
const ISSUER = '80840';
