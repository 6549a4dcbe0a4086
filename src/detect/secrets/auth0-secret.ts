import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'auth0-secret',
  family: 'secret',
  summary: 'Auth0 client secrets and management tokens, by the name of the service: 64 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('auth0[\\w .-]{0,12}secret', '[A-Za-z0-9_-]{64}'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `AUTH0_CLIENT_SECRET=${'XjONFQ'}bSaE5ugB9J3PC4Co6weAuf0DPigK2qtSBa9FnpdaucmLuRrV2FJOzdrc9X`,
    `{"auth0ClientSecret": "${'-4qaJr'}dAsgkiLxjSTRygxqbyMwh6SGf9Yy1xBQMouTEwHQWjNvovnjvS70HFdSg6"}`,
    `Auth0 client secret is ${'FVnJxb'}owqFeOCP1nrri8TpK-vKyuG6KVkJrSwWmeSS0R6PoItOQ57a2Fodg6XsLa`,
    `AUTH0_CLIENT_SECRET = '${'Gas3Xe'}oL9qtEahfkh4zUZG-Dzn2uJqNB47g1RYOQs-uDLLxPaBm2pvDOphYUT3u0'`,
  ],
  ignores: [
    'AUTH0_CLIENT_SECRET=process.env.AUTH0_CLIENT_SECRET',
    'AUTH0_CLIENT_SECRET=<your Auth0 key>',
    `checksum=${'RVBm9l'}xT5t4DI6doF756GVYsOI7bVCVgT3NipSO8ZLL2e5GcnLNKEGC9MqoQnWOP`,
    `AUTH0_CLIENT_SECRET=${'x'.repeat(64)}`,
    `Auth0 answered in 120 ms, request ${'RVBm9l'}xT5t4DI6doF756GVYsOI7bVCVgT3NipSO8ZLL2e5GcnLNKEGC9MqoQnWOP`,
    'auth0ClientSecret=Epj8pEGkDh4GXRlJMydKTMDkxxDE6SY',
  ],
});
