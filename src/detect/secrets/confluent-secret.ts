import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'confluent-secret',
  family: 'secret',
  summary: 'Confluent Cloud API secrets, by the name of the service: 64 characters of base64.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('confluent[\\w .-]{0,16}secret', '[A-Za-z0-9+/]{64}'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `CONFLUENT_API_SECRET=${'q5j8rj'}hjmciXEBw/YqztY/XFPycqBeiY8LDhNw21vgabUbPbTlCAtvQZYESHWZVd`,
    `{"confluentCloudSecret": "${'Z9kBi2'}N0DFZbZQ2RVIFHU1TW+NwUBpG3JB/tS1WkNiCowQaYIISwWCLQ3S1uBU/2"}`,
    `Confluent secret is ${'jk3SF4'}gUGz4GldOUuI7qZYFw+u+MbFfGDljK31fJEeK2HO63X/iAPd2skYYjVtLM`,
    `CONFLUENT_API_SECRET = '${'+hxIlb'}0gBzTgIX6JDdN4IYO2gHATKTQQZVyxFDyf8Nk8xHgY/ubO/lQWcF85k9Sb'`,
  ],
  ignores: [
    'CONFLUENT_API_SECRET=process.env.CONFLUENT_API_SECRET',
    'CONFLUENT_API_SECRET=<your Confluent key>',
    `checksum=${'QmLI/2'}NGFLqpbQY+wzzj1JB/TOPBaUjBnd0naE6mUWhsIfC0UVUX5ueriAZujvRB`,
    `CONFLUENT_API_SECRET=${'x'.repeat(64)}`,
    `Confluent answered in 120 ms, request ${'QmLI/2'}NGFLqpbQY+wzzj1JB/TOPBaUjBnd0naE6mUWhsIfC0UVUX5ueriAZujvRB`,
    'confluentCloudSecret=/R5fmLYAv+/33IbI7+/AGu5T8+0+SrB',
  ],
});
