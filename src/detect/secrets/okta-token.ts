import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'okta-token',
  family: 'secret',
  summary: 'Okta API tokens, by the name of the service or the scheme SSWS: 00 and 40 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('okta[\\w .-]{0,12}(?:token|key|secret)', '\\b00[A-Za-z0-9_-]{39,40}'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `OKTA_API_TOKEN=${'00WYTZ'}_Qj8wv8OW4nrIG-_hS4bQ7i7QNTTeg__atCj`,
    `{"oktaApiToken": "${'00ac_2'}agx1V2_NXDWFb1wMBd1-bBBFr6LluXGq8vkO"}`,
    `Okta token is ${'00W4I6'}-0xnNsM9Z4M_C_Jv8T9s2m5yacDtmqe3TUHS`,
    `OKTA_API_TOKEN = '${'00IAD6'}sejo1LtDjVlaLf1Q0SuVuVQLMzxswmGwYMCk'`,
  ],
  ignores: [
    'OKTA_API_TOKEN=process.env.OKTA_API_TOKEN',
    'OKTA_API_TOKEN=<your Okta key>',
    `checksum=${'000aCv'}OY1nqM46np_dGccEOaVKbM-A9CT_bvueedql`,
    `OKTA_API_TOKEN=${'x'.repeat(42)}`,
    `Okta answered in 120 ms, request ${'000aCv'}OY1nqM46np_dGccEOaVKbM-A9CT_bvueedql`,
    'oktaApiToken=00CW4oDEsz8fhxhjLoGQ',
  ],
});
