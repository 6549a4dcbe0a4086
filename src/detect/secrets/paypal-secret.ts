import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'paypal-secret',
  family: 'secret',
  summary: 'PayPal client secrets, by the name of the service: E and 79 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('paypal[\\w .-]{0,8}secret', '\\bE[A-Za-z0-9_-]{72,76}'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `PAYPAL_CLIENT_SECRET=${'EA-5sE'}1qsY8m_geOv-dQ4SOO9vNYaTyH0-69KZu_8qNQPPSlZqr2X9luQqXmkp3x4imakbt8V9x6cc6v`,
    `{"paypalSecret": "${'EN-623'}QM3DKu5KtnCfTLO-WxbeMtY5-hWjppdR1CbHyYRFHdXas-HYY3cQP2msXP3aOqvcLgdgI9uMvJ"}`,
    `PayPal secret is ${'E3-iVW'}xtV64NeEv3o8T3ecTu1cD8QSkGBJy9tJKCR9cvs3S8bMN6VPT8P5wJcjvpKADo9hiAQaBgFc_L`,
    `PAYPAL_CLIENT_SECRET = '${'ELDxm6'}ipFaexNP2Z60gqoJMQ28Kw_gkzJ2Qy_Siz87m6vHmRJSuyNPPPHP7RUAAVIRucBu_mcMU0c4SX'`,
  ],
  ignores: [
    'PAYPAL_CLIENT_SECRET=process.env.PAYPAL_CLIENT_SECRET',
    'PAYPAL_CLIENT_SECRET=<your PayPal key>',
    `checksum=${'E2ud5d'}i8ti0Ud2lq43PureTIVIfvN0nTrhZU-fdjPQ25COe5AAJ2f5u3nhnmvvjF2WFKxfcx7cOcIgOR`,
    `PAYPAL_CLIENT_SECRET=${'x'.repeat(80)}`,
    `PayPal answered in 120 ms, request ${'E2ud5d'}i8ti0Ud2lq43PureTIVIfvN0nTrhZU-fdjPQ25COe5AAJ2f5u3nhnmvvjF2WFKxfcx7cOcIgOR`,
    'paypalSecret=EO04e2nVty_zn-gD_jAzLhZn-cC8WPNtJN54VU_',
  ],
});
