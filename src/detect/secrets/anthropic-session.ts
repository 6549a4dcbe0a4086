import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'anthropic-session',
  family: 'secret',
  summary: 'Anthropic OAuth access and refresh tokens and session keys of Claude clients.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // Sign-in tokens of Claude clients: access (oat), refresh (ort) and web session (sid).
  pattern: /\bsk-ant-(?:oat|ort|sid)\d{2}-[A-Za-z0-9_-]{80,108}(?:\w\b|-\B)/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `CLAUDE_CODE_OAUTH_TOKEN=${'sk-ant-oat01-'}fX7KQ6kK75IArjuN3oCX0RuV2xzxVOBpqBqCuVpo24NBUjsZqzaBa4ZdqAX2MIB0VWZz7MI9B9b0nr2J4_6FO8UgpRngN`,
    `{"token":"${'sk-ant-oat01-'}JP7WQIkkMiVaSVFo4BxQIVrYCh24FWBgYq1cgHVBDObdRnoOQrFRp3GYcxLH3Y4Iz7dquaHKu69fcQGY5fUKEL-LE9I2H"}`,
    `my Anthropic key is ${'sk-ant-oat01-'}ZE7iQykDy0eYiK_afd0qX2ZV8DljiueQYn9CT3VzLF3_-bhHtmcMuBmz84WoOC_oQjgrtDj_BKc7rQtqPnPjgGyk-GCqP, what do I do with it?`,
    `client = Client("${'sk-ant-oat01-'}bF7QQrkMI7MNjDjdeusqRuEp0LefbT5-hrzLiBfH4Zi9Gyg2v3nKZat_Mw-y7cCRab27Qcgx16BHohvjsUc4AC5k3QXUJ")`,
    `${'sk-ant-oat01-'}ZP7hQokzBprWRkhS7mO78pQrv4sLWpwvmTCf1RJhE14c0Rt_5fxp-ddNjODqBVvwWW5VLFUFWCF7oRKMFuHVukapCWbGs`,
    `sessionKey=${'sk-ant-sid01-'}xm7wQ6klVNy2041DTJoi3Cq6ilbkNHma3YN26xEcn5BTfW5jUSS0z_ULGSbxNoTiJWTHo9CRc45j3ePRN6_KhsaxRnr73Aw`,
  ],
  ignores: [
    `${'sk-ant-oat01-'}Iq7MQpkpYFXHKdVrbhPULg06YOeQ7o7x2f_kuVXzr4tNLz_H-okgauGxqILU`,
    `${'sk-ant-oat01-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'sk-ant-oat01-'}I77_Qvkno8utyhaz7RV406Kwf-LKCdzwkYd8jpp-yoJkxL_IlqLQ-a8gQPzewpwD-z3DDH1BBLVyVShl4oIYfYSUq17Zt`,
    'tokens of Anthropic begin with sk-ant-oat01- and are kept in the vault',
    'CLAUDE_CODE_OAUTH_TOKEN=<your Anthropic key>',
  ],
});
