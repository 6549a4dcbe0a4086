import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'rapidapi-key',
  family: 'secret',
  summary: 'RapidAPI keys: 50 characters with msh, p1 and jsn at fixed places.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\b[0-9a-f]{10}msh[0-9a-f]{15}p1[0-9a-f]{6}jsn[0-9a-f]{12}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `{"token":"${'4f2704'}444cmshd7490f8becd6eebp1e744b5jsn4468bd09d83b"}`,
    `| RAPIDAPI_KEY | ${'1d9a80'}da1amshfd0574517043c19p19d224djsn623f0fb97f50 |`,
    `const client = new Client("${'fea7a0'}30d2msheb03524ef0ac107p150f0f3jsn832a0379f238");`,
    `--token ${'edb77a'}26f9msh826d9abaaf3c176p1e073d1jsn9cf708ee46a5 --verbose`,
  ],
  ignores: [
    '0123456789msh',
    'RAPIDAPI_KEY=process.env.RAPIDAPI_KEY',
    'rapidapi_key: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
    'request 9b2f6f0c-3d52-4a1e-9a53-0b8f6c1d2e7a took 12 ms',
    'set RAPIDAPI_KEY in the environment first',
  ],
});
