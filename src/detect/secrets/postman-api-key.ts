import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'postman-api-key',
  family: 'secret',
  summary: 'Postman API keys: PMAK-, 24 and 34 hexadecimal digits. Collection keys begin with PMAT-.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bPMA(?:K-[0-9a-f]{24}-[0-9a-f]{34}|T-[0-9A-Z]{26})\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `the key is ${'PMAK-'}d91dfebad4321d70ed828897-90af295bb45226210463d3499d50b15d2c, please rotate it`,
    `export POSTMAN_API_KEY="${'PMAT-'}4DT8HYONAI0OMW3VZSQUICGNMN"`,
    `| POSTMAN_API_KEY | ${'PMAK-'}31b646a5cbfc306fbaa1227f-2a40937fef7ebb58accc7faa58028cb4ee |`,
    `postman_api_key: '${'PMAT-'}QKN1U0XXGW5B80MHF8EY2WWL65'`,
  ],
  ignores: [
    `${'PMAK-'}52ddbe8990af5`,
    `x${'PMAK-'}52ddbe8990af5e3d5da215aa-77fbb0adc245a32b9e1ac6f26f5e54b4c6`,
    `${'PMAK-'}${'x'.repeat(59)}`,
    'PMAK- is how such a token begins',
    'POSTMAN_API_KEY=process.env.POSTMAN_API_KEY',
    'postman_api_key: <your token>',
  ],
});
