import { detector, NO_PATTERN } from '../detector.ts';

export default detector({
  name: 'schema',
  family: 'output',
  summary:
    'An answer that is not the JSON its request declared: no JSON at all, or not as the schema says. Denied, it is held until it is whole.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.99,
  pattern: NO_PATTERN,
  ofExchange: true,
  lanes: ['output'],
  references: ['owasp-llm:LLM05:2026'],
  finds: [],
  ignores: [],
});
