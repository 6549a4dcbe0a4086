import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'sourcegraph-token',
  family: 'secret',
  summary: 'Sourcegraph access tokens: sgp_ with an optional instance and 40 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // sourcegraph.com/docs/cli, "Access tokens": sgp_<instance>_<token> since 5.1, sgd_ for the gateway.
  pattern: /\b(?:sgp_(?:(?:[a-fA-F0-9]{16}|local)_)?[a-fA-F0-9]{40}|sgd_[a-f0-9]{64})\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `SRC_ACCESS_TOKEN=${'sgp_'}0093867f976f316788fccfa79a29bcc7ba4be153`,
    `token: ${'sgp_'}ba68ea4714366d93fc0e5bf840e1e2b0f9600d57\nregion: eu`,
    `my Sourcegraph key is ${'sgp_'}6353fda37ae0b9a4fb8a6cb00469cc78bb4a60bb, what do I do with it?`,
    `client = Client("${'sgp_'}be9f5a6d7a819549ea603dd5c7734bc1235a7e69")`,
    `(${'sgp_'}42db963419e104546da20a11b1977d1860a44f9c)`,
    `SRC=${'sgp_'}local_${'37ee'}6e27a6879aa1f18e131e7d956240fc1fd329`,
    `${'sgp_'}ce1883a5d385693c_${'ab7a'}32916fb16e19d0497084880e8c7b3c7bf783`,
  ],
  ignores: [
    `${'sgp_'}19a967e297c14dfcf61f08b48ee99b83d659077`,
    `${'sgp_'}5555555555ffff55555555555555555555555555`,
    `a${'sgp_'}05cb7f96988d1614188cdaf1819937879a220383`,
    'tokens of Sourcegraph begin with sgp_ and are kept in the vault',
    'SRC_ACCESS_TOKEN=<your Sourcegraph key>',
  ],
});
