import { labelled } from '../checks/label.ts';
import { detector } from '../detector.ts';

const hasLabel = labelled(['dea', 'dea number', 'dea no', 'drug enforcement*']);

export default detector({
  name: 'us-dea',
  family: 'pii',
  summary: 'US DEA registration numbers of prescribers: two letters and seven digits with the check digit, after the word DEA.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.96,
  pattern: /\b[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}\b/i,
  check: hasCheckDigit,
  context: hasLabel,
  references: ['owasp-llm:LLM02:2026', 'cfr:21-1301'],
  finds: ['DEA number AB1234563', 'DEA# BS7654329.', '{"deaNumber":"FW9012345"}', 'dea mk3216543'],
  ignores: ['DEA number AB1234564', 'order AB1234563', 'idea AB1234563', 'AB1234563', 'dea 1234563', 'DEA office NB1234563'],
});

/** The first, third and fifth digit and twice the second, fourth and sixth end in the seventh (DEA Diversion Control Division). */
function hasCheckDigit(number: string): boolean {
  let sum = 0;
  for (let place = 0; place < 6; place++) sum += (number.charCodeAt(2 + place) - 48) * (place % 2 === 0 ? 1 : 2);
  return sum % 10 === number.charCodeAt(8) - 48;
}
