import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'vultr-key',
  family: 'secret',
  summary: 'Vultr API keys, by the name of the service: 36 upper-case letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // vultr.com/api.
  pattern: assignment('vultr[\\w .-]{0,12}(?:key|token|secret|auth|pass|pat\\b|credential)', '\\b[A-Z0-9]{36}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `VULTR_API_KEY=${'JPOG'}X3YTVMYCA9L4S7H2NAQDRLP24Q245LU7`,
    `{"vultrApiKey": "${'X95L'}X56HSEN9SU8RXTLWJ9NZT4SCFL8BA7TW"}`,
    `export VULTR_API_KEY='${'AD4O'}QRB6CQWW5P3IJ7AJQYA9IB1KQAZSD2CS'; make deploy`,
    `vultr_api_key: ${'7Y3Y'}I6OHF01KXP1LGLHHKYF6YDWWBOBWX9I0\nregion: eu`,
  ],
  ignores: [
    'VULTR_API_KEY=process.env.VULTR_API_KEY',
    'VULTR_API_KEY=<your Vultr key>',
    `checksum=${'AJR7'}T4W6TQ9WO7YGNET7IEJISTQJHCRHML6M`,
    'VULTR_API_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Vultr answered in 120 ms, request ${'UOP4'}1T6PCDO8MY9B4MNDD0OKQPZ72BC8VATX`,
    `vultrApiKey=${'GKOU'}DRX7DUK71111N3IRODLTH31NOBEJD`,
  ],
});
