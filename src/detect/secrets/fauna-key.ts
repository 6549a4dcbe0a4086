import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'fauna-key',
  family: 'secret',
  summary: 'Fauna keys and tokens, where the service is named: fn, a letter and 37 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\bfn[A-Z][A-Za-z0-9_-]{37}\b/,
  check: looksRandom,
  nearby: ['fauna'],
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `FAUNA_SECRET=${'fnA'}dZ5VFL5ASANOuHTyj_AMiFK-BGfdfRvzgVjrY`,
    `new faunadb.Client({ secret: "${'fnE'}d_V9ON2ymrXtmpM2K4KdB1QMNQmfetBD-nofv" })`,
    `our Fauna key is ${'fnA'}0_wloAIeGhRSdltBcDSddlYkhY9geyAnfSFCT now`,
    `{"fauna":"${'fnE'}E95-QFBuN4aea-0SWlDTc79UuP6cMOsDGmfBR"}`,
  ],
  ignores: [
    'fauna and flora of fnAbc',
    'fnAllTheWordsOfAVeryLongFunctionNameInHere',
    'FAUNA_KEY=process.env.FAUNA_KEY',
    'fauna_key: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
    'request 9b2f6f0c-3d52-4a1e-9a53-0b8f6c1d2e7a took 12 ms',
  ],
});
