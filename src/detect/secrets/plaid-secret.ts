import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'plaid-secret',
  family: 'secret',
  summary: 'Plaid API secrets, by the name of the service: 30 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('plaid[\\w .-]{0,14}secret', '\\b[0-9a-f]{30}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `PLAID_SECRET=${'48d2b8'}c926e2ba01997ea38e5e17a0`,
    `{"plaidSecret": "${'0f4c3e'}a794f331566f9ed779baa754"}`,
    `Plaid secret is ${'d2d54e'}5831b3211b942280ff1b71f4`,
    `PLAID_SANDBOX_SECRET = '${'e63d55'}d5eda5d753314a37aaeaa36a'`,
  ],
  ignores: [
    'PLAID_SECRET=process.env.PLAID_SECRET',
    'PLAID_SECRET=<your Plaid key>',
    `checksum=${'659c18'}a02b42e9cc123121bb40f090`,
    `PLAID_SECRET=${'x'.repeat(30)}`,
    `Plaid answered in 120 ms, request ${'659c18'}a02b42e9cc123121bb40f090`,
    'plaidSecret=375e47171653ad',
  ],
});
