import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'okta-ssws-header',
  family: 'secret',
  summary: 'Okta API tokens behind the scheme SSWS.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\bSSWS 00[A-Za-z0-9_-]{40}/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `Authorization: ${'SSWS 00'}exx9llj3xXGM-Y1CrrQCqLinQYyVHPfzvQMujMed`,
    `curl -H 'Authorization: ${'SSWS 00'}URS-ucEUsJpnL9x0UpZb0UN5Hfxgqd8h-TiIYI6B' https://dev.okta.com/api/v1/users`,
    `{"authorization":"${'SSWS 00'}9iAPg5lKmD4M39wM71IRq2vU7_SDcGtFgftBAeRv"}`,
    `send ${'SSWS 00'}0ZCsFjshlJ7vEM_sHZ3RRbG3E6_OA_OLrmMFDGCl with it`,
  ],
  ignores: [
    'Authorization: SSWS <your token>',
    'SSWS 00short',
    'Authorization: SSWS {{token}}',
    `SSWS 00${'x'.repeat(40)}`,
    'OKTA_SSWS_HEADER=process.env.OKTA_SSWS_HEADER',
    'okta_ssws_header: <your token>',
  ],
});
