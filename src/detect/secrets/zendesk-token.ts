import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'zendesk-token',
  family: 'secret',
  summary: 'Zendesk API tokens and secrets, by the name of the service: 40 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('zendesk[\\w .-]{0,12}(?:token|secret|key)', '\\b[A-Za-z0-9]{40}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `ZENDESK_API_TOKEN=${'r7QbTQ'}QxBekTZ7ahYGTjpf5F0pC1khxHaw4EGdMH`,
    `{"zendeskSecretKey": "${'r7QddA'}qybhg6vUGtnjYPyUoWaKuDBpQf6bS95OFo"}`,
    `Zendesk token is ${'r7Q13n'}12ANBG09VYfPv7gihejI6sYPuoFCME789a`,
    `ZENDESK_API_TOKEN = '${'r7QZVz'}Q0rsnSkl5CykOT5MGuknfhfzhztjGZN1Zh'`,
  ],
  ignores: [
    'ZENDESK_API_TOKEN=process.env.ZENDESK_API_TOKEN',
    'ZENDESK_API_TOKEN=<your Zendesk key>',
    `checksum=${'r7QsWO'}NsxtJ6t4dtL95DSkrIzfSOpYAZ6nkjBQkP`,
    `ZENDESK_API_TOKEN=${'x'.repeat(40)}`,
    `Zendesk answered in 120 ms, request ${'r7QsWO'}NsxtJ6t4dtL95DSkrIzfSOpYAZ6nkjBQkP`,
    'zendeskSecretKey=r7QTAVdBEtCjchWtOej',
  ],
});
