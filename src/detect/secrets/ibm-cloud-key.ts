import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ibm-cloud-key',
  family: 'secret',
  summary: 'IBM Cloud API keys, by the name of the service: 44 characters in base64url.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // cloud.ibm.com/docs/account, "Managing user API keys".
  pattern: assignment('(?:ibm|watson|bluemix)[\\w .-]{0,12}key', '[A-Za-z0-9_-]{43}(?:\\w\\b|-\\B)'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `IBMCLOUD_API_KEY=${'6C7s'}Q8kTjlaN_iwVBO9bT7ZAc3uxEnRkWn7fDDWUpHV5`,
    `{"ibmCloudApiKey": "${'X67q'}Q_k1UQjfzeTUGt5kyojDdsdmDm0N3zZ8r3H7vVgP"}`,
    `export IBMCLOUD_API_KEY='${'bt7j'}QJkEgY79yNnaFECZp7NQ29dnVCWd769C1JPUTlTY'; make deploy`,
    `ibmcloud_api_key: ${'es7l'}QgkdasOwv6d6UW_oJFwMhXApqaBxYPjmzeKZ3_sA\nregion: eu`,
  ],
  ignores: [
    'IBMCLOUD_API_KEY=process.env.IBMCLOUD_API_KEY',
    'IBMCLOUD_API_KEY=<your IBM Cloud key>',
    `checksum=${'Qh7n'}Qvkoeuo5fttpDSKkv4QTG1SeiBww4yvhZosvJ50d`,
    'IBMCLOUD_API_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `IBM Cloud answered in 120 ms, request ${'8r7I'}Qnkn8eP1VMhMOUpg0juWp1BspFLCyYfTqhZ7EhUd`,
    `ibmCloudApiKey=${'qc7-'}Qdkx8vgAQsK4nN7hSwSgU6PEqlQ7wTvbJXIwL`,
  ],
});
