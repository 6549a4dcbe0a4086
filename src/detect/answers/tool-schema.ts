import { detector, NO_PATTERN } from '../detector.ts';

export default detector({
  name: 'tool-schema',
  family: 'output',
  summary: 'A call of a tool with arguments that its declared schema does not allow; denied, the call is held until it is whole.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.99,
  pattern: NO_PATTERN,
  ofExchange: true,
  lanes: ['tool-arguments'],
  references: ['owasp-llm:LLM05:2026', 'asi:ASI02'],
  finds: [],
  ignores: [],
});
