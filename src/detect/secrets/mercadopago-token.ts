import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'mercadopago-token',
  family: 'secret',
  summary: 'Mercado Pago access tokens: APP_USR or TEST, the application, the date, a hash and the user.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\b(?:APP_USR|TEST)-\d{12,18}-\d{6}-[0-9a-f]{32}-\d{5,12}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `| MERCADOPAGO_TOKEN | ${'APP_USR-'}6517433016780067-458881-2311e375296f4b25bab31b09856636a4-483124524 |`,
    `const client = new Client("${'TEST-'}6953663267735366-349327-8cddb3847703a27ccd8ed128d2a4bd30-467701428");`,
    `MERCADOPAGO_TOKEN=${'APP_USR-'}4074688171315928-154074-881948e8008b9421b06a1657d837cfa2-178226137`,
    `mercadopago_token: '${'TEST-'}8292061401124091-693767-8e6dfb59bb9b6f4fae02f9624b4640cd-337073909'`,
  ],
  ignores: [
    `${'APP_USR-'}718907651493541`,
    `x${'APP_USR-'}7189076514935415-683284-d00aab931407ded4eaa2e3feb88d56ef-651703675`,
    `${'APP_USR-'}${'x'.repeat(66)}`,
    'APP_USR- is how such a token begins',
    'MERCADOPAGO_TOKEN=process.env.MERCADOPAGO_TOKEN',
    'mercadopago_token: <your token>',
  ],
});
