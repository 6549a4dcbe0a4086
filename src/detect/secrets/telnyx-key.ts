import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'telnyx-key',
  family: 'secret',
  summary: 'Telnyx API keys: KEY, 32 hexadecimal digits in upper case and 22 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // developers.telnyx.com.
  pattern: /\bKEY[0-9A-F]{32}_[A-Za-z0-9]{22}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `TELNYX_API_KEY=${'KEY'}8F411167B90AAAEFD201AB97D7CD47FF_97lpmY6YymgcgBAtshAaYf`,
    `{"token":"${'KEY'}A393B67E88830133F3D19AB2E55023E4_QTmTgGT5EVJIwZjtZPPgQq"}`,
    `my Telnyx key is ${'KEY'}BF3113795C5E96E15A80F0962BF4D129_jxeOiqDP4BwN4RqApdaJYV, what do I do with it?`,
    `client = Client('${'KEY'}C2ADF2F95CB21AC22103A76E0FDD28E2_SzMAhhDB2Le3MQ1Hkv5mxE')`,
  ],
  ignores: [
    `${'KEY'}06DEB7B61FBCCCEE20`,
    `${'KEY'}00000000000000000000000000000000_0000000000000000000000`,
    `q${'KEY'}8DDD44D558D1FD37026283C36A15BD08_lW9SHWvSUqrN73FeOZiMGS`,
    'a key of Telnyx begins with KEY and is kept in the vault',
    'TELNYX_API_KEY=<your Telnyx key>',
  ],
});
