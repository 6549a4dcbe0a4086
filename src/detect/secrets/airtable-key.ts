import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'airtable-key',
  family: 'secret',
  summary: 'Airtable API keys of the old form, by the name of the service: key and 14 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('airtable[\\w .-]{0,12}key', '\\bkey[A-Za-z0-9]{14}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `AIRTABLE_API_KEY=${'keyr7Q'}kSUfJ3AlKsf`,
    `{"airtableApiKey": "${'keyr7Q'}l4xhO1dPHjb"}`,
    `Airtable key is ${'keyr7Q'}jAKgJFIoPW3`,
    `AIRTABLE_API_KEY = '${'keyr7Q'}LlsVvaYMRI2'`,
  ],
  ignores: [
    'AIRTABLE_API_KEY=process.env.AIRTABLE_API_KEY',
    'AIRTABLE_API_KEY=<your Airtable key>',
    `checksum=${'keyr7Q'}98EpckIKQsW`,
    `AIRTABLE_API_KEY=${'x'.repeat(17)}`,
    `Airtable answered in 120 ms, request ${'keyr7Q'}98EpckIKQsW`,
    'airtableApiKey=keyr7Qb',
  ],
});
