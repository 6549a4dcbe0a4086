import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'azure-identifiable-key',
  family: 'secret',
  summary: 'Azure keys with a signature inside, by the name of the service: AI services, search, functions, registry, cache.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // github.com/microsoft/security-utilities, "Identifiable keys": each provider has four fixed characters near the end.
  pattern: assignment(
    'azure|functions|search|registry|redis,password',
    '(?:[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}\\b|[A-Za-z0-9]{33}AzCa[A-P][A-Za-z0-9]{5}=|[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{5}[AQgw]==|[A-Za-z0-9+/]{42}\\+ACR[A-D][A-Za-z0-9]{5}\\b|[A-Za-z0-9]{52}JQQJ99[A-Z0-9]{10}AC[A-Z0-9]{2}[A-Za-z0-9]{10,12}\\b)',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `search key: ${'mJ7d'}QFkjwETa4vjBANXgWf3J5DJcObEoTiDiw8piwj${'AzSe'}BWgXkP`,
    `x-functions-key: ${'g97T'}QTkmV4GVDdR26sCADGzYkMFeE5eKWCAurAdPEjIX${'AzFu'}OO4GBA==`,
    `registry password = ${'GZ7G'}Q4k2u0uiSUeA7FhGQGMInLBEcOOFwBjFfsEZ9y${'+ACR'}CSR3CU`,
    `AZURE_OPENAI_API_KEY=${'eT7A'}QlkyVJLu78g47jWalvvVKYre2i8mWCZRFghHHH46E6a7UfKS${'JQQJ99'}WM2M6J9NGFACOGWK7oQFkOl6gT`,
    `redis,password=${'Ft7x'}QKk0pIuV28x1B4yVogYQjzg5WdzLp${'AzCa'}DuzHlS=`,
  ],
  ignores: [
    `search key: ${'Wc71'}QrkKkqKKjmNxmE0MHnMd767ome${'AzSe'}Brn8e6`,
    `search key: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx${'AzSe'}Bxxxxx`,
    `search key: ${'Fx7L'}Qikg6iSLHg40ok78iP6lDBefbg8BXAVZuMIReJ${'AzSx'}BEl8wc`,
    'AzSe marks a search key',
    `x-functions-key: ${'cJ7U'}QmkK8Pf4PuTXR8g6bwX6zTS7ITq6iTQa8pJw3Qs6${'AzFu'}OZMvbB==`,
  ],
});
