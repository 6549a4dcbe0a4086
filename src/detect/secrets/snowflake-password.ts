import { assignment } from '../assignment.ts';
import { assignsPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'snowflake-password',
  family: 'secret',
  summary: 'Snowflake passwords and tokens, by the name of the service.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.85,
  pattern: assignment('snowflake[\\w .-]{0,12}(?:password|pwd|token|passphrase)', '[!-&+-~]{8,64}'),
  check: assignsPassword,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `SNOWFLAKE_PASSWORD=${'Kq7!r7'}QgoNJ662awJ2`,
    `{"snowflakePassword": "${'Kq7!r7'}QTzyHO4RFRcT"}`,
    `snowflake.password: '${'Kq7!r7'}QEE37WvzvbyT'`,
    `SNOWFLAKE_PASSWORD = '${'Kq7!r7'}QprgiBCUr0Xg'`,
  ],
  ignores: [
    'SNOWFLAKE_PASSWORD=process.env.SNOWFLAKE_PASSWORD',
    'SNOWFLAKE_PASSWORD=<your Snowflake key>',
    `checksum=${'Kq7!r7'}Q2VZlGGhJCs5`,
    `SNOWFLAKE_PASSWORD=${'x'.repeat(18)}`,
    `Snowflake answered in 120 ms, request ${'Kq7!r7'}Q2VZlGGhJCs5`,
    'snowflakePassword=',
    'snowflake.password=\nsnowflake.url=jdbc',
  ],
});
