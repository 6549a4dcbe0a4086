import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'upstash-token',
  family: 'secret',
  summary: 'Tokens of Upstash Redis, Vector and Kafka, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('upstash[\\w .-]{0,20}(?:token|password)', '\\b[A-Za-z0-9+/_-]{32,60}={0,2}'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `UPSTASH_REDIS_REST_TOKEN=${'Ar7Q5L'}QTfEwsBDFyJcG5o0H027pTyFVkbyBwystscz14mj8KNxeu==`,
    `{"upstashToken": "${'Ar7Qyl'}npjim6P4kIPM8IZf1djmOI3VPK3ibh4NxLO00HGPTrfTe0=="}`,
    `Upstash token is ${'Ar7QET'}6xpa9K0TdE0LSbFOIo9cyAiNhvO44NgCd7wUxWGtbRhBYY==`,
    `UPSTASH_REDIS_REST_TOKEN = '${'Ar7Q7e'}yuhTtpCKVrq2VTLQ4Z4SGKh4MGQkZyy2nj9Pt7QhbhOpt4=='`,
  ],
  ignores: [
    'UPSTASH_REDIS_REST_TOKEN=process.env.UPSTASH_REDIS_REST_TOKEN',
    'UPSTASH_REDIS_REST_TOKEN=<your Upstash key>',
    `checksum=${'Ar7QkH'}A7PgLYZjQic3aGDgCjAGv7GLivyV6VlsjgbnVCaQLVYeF8==`,
    `UPSTASH_REDIS_REST_TOKEN=${'x'.repeat(54)}`,
    `Upstash answered in 120 ms, request ${'Ar7QkH'}A7PgLYZjQic3aGDgCjAGv7GLivyV6VlsjgbnVCaQLVYeF8==`,
    'upstashToken=Ar7Qoigfjxii9r5LQpZV43biY7',
  ],
});
