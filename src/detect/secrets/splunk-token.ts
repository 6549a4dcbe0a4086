import { detector } from '../detector.ts';

export default detector({
  name: 'splunk-token',
  family: 'secret',
  summary: 'Splunk HEC tokens, by the name of the product or the scheme of the header: a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern:
    /(?:\bsplunk[\w .-]{0,16}token["']?\s{0,2}[:=]\s{0,2}["']?|authorization["']?:\s?["']?splunk\s)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/i,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `${'Authorization: Splunk '}a4c8bb0a-4331-403e-9aa2-7ec9391a593f`,
    `env ${'SPLUNK_HEC_TOKEN='}cf294ee0-ae51-4024-b5b7-13e437976b6b end`,
    `${'splunkToken: "'}1ac9f1dd-04fa-4c91-aaed-1a4208b88333"\n`,
    `${'Authorization: Splunk '}b145c1dc-c083-4cac-b5cd-d20e558bbc4e`,
  ],
  ignores: [
    'splunk index 9b2f6f0c-3d52-4a1e-9a53-0b8f6c1d2e7a',
    'SPLUNK_HEC_TOKEN=$SPLUNK_TOKEN',
    'Authorization: Splunk <token>',
    'SPLUNK_TOKEN=process.env.SPLUNK_TOKEN',
    'splunk_token: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
