import { labelled } from '../checks/label.ts';
import { detector } from '../detector.ts';

const LETTER = '[AC-HJKMNP-RT-Y]';
const EITHER = '[AC-HJKMNP-RT-Y0-9]';

export default detector({
  name: 'us-medicare-beneficiary',
  family: 'pii',
  summary: 'US Medicare beneficiary identifiers (MBI): 11 characters, letters and digits in fixed places, hyphens or a word nearby.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: new RegExp(`\\b[1-9]${LETTER}${EITHER}\\d-?${LETTER}${EITHER}\\d-?${LETTER}{2}\\d{2}\\b`),
  check: (candidate, before) => candidate.length === HYPHENATED_UNITS || hasLabel(before),
  references: ['owasp-llm:LLM02:2026', 'cms:mbi', 'hipaa:164.514(b)(2)'],
  finds: ['MBI 1EG4-TE5-MK73', 'Medicare number 1EG4TE5MK73.', 'card 3AA9-XX0-YK88', '{"mbi":"9QH2YV3WJ41"}'],
  ignores: [
    'part 1EG4TE5MK73',
    '1SG4-TE5-MK73',
    '0EG4-TE5-MK73',
    'mbi 1EG4TE5MK7',
    '1EG4-TE5-MK7',
    'serial 1EG4-TE5-MKA3',
    'medicare for all 2024',
  ],
});

const HYPHENATED_UNITS = 13;
const hasLabel = labelled(['mbi', 'medicare*', 'beneficiary*']);
