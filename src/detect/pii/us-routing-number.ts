import { labelled } from '../checks/label.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { detector } from '../detector.ts';

const hasLabel = labelled(['routing*', 'aba', 'rtn', 'transit*', 'aba number', 'wire*', 'fedwire*']);

export default detector({
  name: 'us-routing-number',
  family: 'pii',
  summary: 'US bank routing numbers (ABA) of nine digits: issued prefix and check digit, after a word for them.',
  tier: 'block',
  severity: 'low',
  confidence: 0.95,
  pattern: /\b[0-8]\d{3}-?\d{4}-?\d\b/,
  check: isRoutingNumber,
  context: hasLabel,
  references: ['owasp-llm:LLM02:2026', 'aba:routing-number'],
  finds: ['routing number 021000021', 'ABA: 322070381.', '{"routingNumber":"011103093"}', 'RTN 2631-7017-5', 'wire transit 121000248'],
  ignores: [
    'routing number 789456124',
    'order 021000021',
    'routing number 021000022',
    'routing 000000000',
    'abandoned 021000021',
    'routing table 500000005',
  ],
});

const WEIGHTS = [3, 7, 1, 3, 7, 1, 3, 7, 1];

function isRoutingNumber(candidate: string): boolean {
  return isIssuedPrefix(Number(candidate.slice(0, 2))) && weightedSum(candidate, WEIGHTS) % 10 === 0;
}

/** Federal Reserve districts, thrift institutions (21–32), electronic transactions (61–72) and traveller's cheques (80). */
function isIssuedPrefix(prefix: number): boolean {
  return (prefix >= 1 && prefix <= 12) || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) || prefix === 80;
}
