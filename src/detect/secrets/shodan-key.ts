import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'shodan-key',
  family: 'secret',
  summary: 'Keys of Shodan, Censys, VirusTotal and AbuseIPDB, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment(
    '(?:shodan|censys|virus[_-]?total|\\bvt|abuseipdb|greynoise)[ ._-]?(?:api[ ._-]?)?(?:key|secret|token)',
    '\\b(?:[0-9a-f]{64}|[A-Za-z0-9]{32})\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `VIRUSTOTAL_API_KEY=${'627ab0'}737a7f47eaa1909e5f191b591bf745a297a2e2fd50123e8ce301e2ff65`,
    `{"shodanApiKey": "${'e52242'}e8a88da05e78267f20bea8723010fc632ad8f248c6d64dd0f263f18a5f"}`,
    `Censys API secret is ${'a77332'}744720445d5612f992dde55cfd0736c1304f19c652277d1266a9532420`,
    `VIRUSTOTAL_API_KEY = '${'c26aca'}18f3ba089b8b3ae986cc1ec7b61d2aaaeb5e5a930c35f1140302bce93c'`,
  ],
  ignores: [
    'VIRUSTOTAL_API_KEY=process.env.VIRUSTOTAL_API_KEY',
    'VIRUSTOTAL_API_KEY=<your Shodan key>',
    `checksum=${'345954'}24fa44dd9228b2cb173dc6afb00b451727b4c9e235868d924c75bf31a7`,
    `VIRUSTOTAL_API_KEY=${'x'.repeat(64)}`,
    `Shodan answered in 120 ms, request ${'345954'}24fa44dd9228b2cb173dc6afb00b451727b4c9e235868d924c75bf31a7`,
    'shodanApiKey=77e124baedc42a1281f076e29b6282c',
  ],
});
