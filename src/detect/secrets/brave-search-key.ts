import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'brave-search-key',
  family: 'secret',
  summary: 'Brave Search API keys: prefix BSA and 28 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  // api-dashboard.search.brave.com.
  pattern: /\bBSA[A-Za-z0-9_-]{27}(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `BRAVE_API_KEY=${'BSA'}c3pbUa5RIQXnuQUriuVaEYp9IwHc`,
    `{"token":"${'BSA'}MhGg0oHD7WX0UP4F36wTUVDJFbR2"}`,
    `my Brave key is ${'BSA'}wyOv8VR6IlZwfNboCFiqRd7F4QPS, what do I do with it?`,
    `client = Client('${'BSA'}WlYMrnvgbLsca0dmYwSYqUpwTFbt')`,
  ],
  ignores: [
    `${'BSA'}qkphbZHD9`,
    `${'BSA'}0000000000000000000000000000`,
    `q${'BSA'}BJRlypFpms5PHzWaWReyIWLRC3Qj`,
    'a key of Brave begins with BSA and is kept in the vault',
    'BRAVE_API_KEY=<your Brave key>',
  ],
});
