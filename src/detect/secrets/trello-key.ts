import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'trello-key',
  family: 'secret',
  summary: 'Trello keys and tokens of the old form, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('trello[\\w .-]{0,12}(?:key|token|secret)', '\\b(?:[0-9a-f]{64}|[0-9a-f]{32})\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `TRELLO_API_KEY=${'57873b'}0770b8bef5d7c694a68ad1ef1d`,
    `{"trelloToken": "${'e8b142'}243219b0ffcfe32ffc64911712"}`,
    `Trello token is ${'fda156'}b01043e920d48b44f5c1738d0b`,
    `TRELLO_API_KEY = '${'2b584e'}2f668ae92ff98196f70b36b4ba'`,
  ],
  ignores: [
    'TRELLO_API_KEY=process.env.TRELLO_API_KEY',
    'TRELLO_API_KEY=<your Trello key>',
    `checksum=${'841d4b'}34138ebd9a1b7139b14589897a`,
    `TRELLO_API_KEY=${'x'.repeat(32)}`,
    `Trello answered in 120 ms, request ${'841d4b'}34138ebd9a1b7139b14589897a`,
    'trelloToken=a9573da179ad505',
  ],
});
