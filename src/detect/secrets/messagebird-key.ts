import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'messagebird-key',
  family: 'secret',
  summary: 'MessageBird keys and client ids, by the name of the service: 25 characters or a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment(
    'message[_-]?bird[\\w .-]{0,12}(?:key|token|client[ ._-]?id)',
    '\\b(?:[a-z0-9]{25}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `MESSAGEBIRD_API_KEY=${'z8mdgr'}uzwgbheepvd9dkotbst`,
    `{"messagebirdToken": "${'9ha2gj'}pjeehd0ex70o61i9xit"}`,
    `MessageBird key is ${'x02bc9'}bg23cixdvxqltwzmcio`,
    `MESSAGEBIRD_API_KEY = '${'eq4t4k'}7o1o5nhuslgqim2wk8z'`,
  ],
  ignores: [
    'MESSAGEBIRD_API_KEY=process.env.MESSAGEBIRD_API_KEY',
    'MESSAGEBIRD_API_KEY=<your MessageBird key>',
    `checksum=${'olcwvq'}fqn5fu0evu17026mkuk`,
    `MESSAGEBIRD_API_KEY=${'x'.repeat(25)}`,
    `MessageBird answered in 120 ms, request ${'olcwvq'}fqn5fu0evu17026mkuk`,
    'messagebirdToken=dxywpantuqa',
  ],
});
