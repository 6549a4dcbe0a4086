import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'onepassword-secret-key',
  family: 'secret',
  summary: '1Password secret keys of an account: A3- and groups of 6, 5 or 6, 5, 5 and 5 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // support.1password.com/secret-key; the alphabet leaves out look-alikes, which forged ones may not.
  pattern: /\bA3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `OP_SECRET_KEY=${'A3-'}COEZWX-80FQQ6-DL3IU-SFINC-VMC86-ZYHMG`,
    `token: ${'A3-'}8THRMR-VKKIC7-2UPJB-FEUGD-P8MLT-2RMK9\nregion: eu`,
    `my 1Password key is ${'A3-'}DNS56T-QZDH2Q-ZAKFQ-WH5XH-YRK19-13VRV, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'A3-'}A8ZI74-MDGCAE-R9I11-E9VLN-LWET7-5BDQP" https://api.example.org/v1`,
    `--token ${'A3-'}25L6YD-L4ELL6-B11BR-XAC1W-0W2GP-3TDWO --verbose`,
  ],
  ignores: [
    `${'A3-'}CRAV83XMU3DWJDPJIEPKLOP2XX94XV`,
    `${'A3-'}XXXXXX-XXXXXX-XXXXX-XXXXX-XXXXX-XXXXX`,
    `a${'A3-'}ENDXQC-EI5FF8-Y8BM8-FU6ZI-PNF9U-43KBK`,
    'tokens of 1Password begin with A3- and are kept in the vault',
    'OP_SECRET_KEY=<your 1Password key>',
  ],
});
