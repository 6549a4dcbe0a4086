import { labelled } from '../checks/label.ts';
import { detector } from '../detector.ts';

const hasLabel = labelled(['sort code*', 'sortcode*', 'sorting code*', 's c'], 24);

export default detector({
  name: 'uk-sort-code',
  family: 'pii',
  summary: 'UK and Irish bank sort codes of six digits, after the words "sort code"; dates in the same shape pass.',
  tier: 'block',
  severity: 'low',
  confidence: 0.95,
  pattern: /\b\d{2}[- ]?\d{2}[- ]?\d{2}\b/,
  check: (candidate) => !candidate.startsWith('00'),
  context: hasLabel,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['sort code 60-16-13', '{"sortCode":"200000"}', 'Sort Code: 40 47 84.', 'sort-code 090128 please', 'S/C 60-16-13'],
  ignores: ['on 12-11-24', 'sort code 00-00-00', 'order 60-16-13', 'sort by code 123', 'post code 601613', 'sort the codes, page 601613'],
});
