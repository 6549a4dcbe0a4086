import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'crates-io-token',
  family: 'secret',
  summary: 'crates.io API tokens: prefix cio and 32 letters and digits in mixed case.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.95,
  // crates.io, SecureToken: cio and 32 characters; temporary ones (trusted publishing) cio_tp_.
  pattern: /\bcio(?:_tp_)?[A-Za-z0-9]{32}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `CARGO_REGISTRY_TOKEN="${'cio'}I07cQYkxfQ16bng6twfGehZjirRyYkjZ"`,
    `token: ${'cio'}0C7XQFkYT1Jfwwa8dMBQZOuK3qG37RHf\nregion: eu`,
    `my crates.io key is ${'cio'}DY73QLkTOzSxMEBObZFN042O3QyabcWb, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'cio'}BB7PQ6kih8BpEVBHr1GKAECXL8b0F9Lo" https://api.example.org/v1`,
    `(${'cio'}fL7wQCkkjroSsnoxCLDSbp5SSc7zztAH)`,
  ],
  ignores: [
    `${'cio'}OW7AQqkZ0DOHFlor5QULTC33dnvZZ66`,
    `${'cio'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'cio'}5Y7sQHknLQXUgLHKvz2RBbK4Z2pK7NNm`,
    'tokens of crates.io begin with cio and are kept in the vault',
    'CARGO_REGISTRY_TOKEN=<your crates.io key>',
    'cioInternationalizationCommissioner',
    'cioperationsmanagementdepartmentofit',
  ],
});
