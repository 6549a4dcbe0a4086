import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'openshift-token',
  family: 'secret',
  summary: 'OpenShift user tokens: sha256~ and 43 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\bsha256~[A-Za-z0-9_-]{43}/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `--token ${'sha256~'}Tq5-KnAouiOXea5WX2UAVYPH7pGOnUVJncpTDKbB6D1 --verbose`,
    `curl -H "X-Token: ${'sha256~'}MN2X6-pNz1a5IA4FunE7VcF9a3PHVIASRbUUW9zpWdl" https://api.example.com/v1`,
    `{"token":"${'sha256~'}iWqOBrayKhihrQL7AniGlM1oMzKsBdZBRfybVBGDX_6"}`,
    `OPENSHIFT_TOKEN=${'sha256~'}UsROSSc_HBeSZ6j7CK4vsXIVnew3ctidKnJRBH0Dk4Q`,
  ],
  ignores: [
    `${'sha256~'}HpthwQegBpJZOfjsL7-1`,
    `x${'sha256~'}HpthwQegBpJZOfjsL7-1Yp1Xm9J82ZGck9_GFnKVLHx`,
    `${'sha256~'}${'x'.repeat(43)}`,
    'sha256~ is how such a token begins',
    'sha256:3f786850e387550fdab836ed7e6dc8813f786850e387550fdab836ed7e6dc881',
    'sha256~PUT_YOUR_TOKEN_HERE_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXX',
  ],
});
