import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'rubygems-key',
  family: 'secret',
  summary: 'RubyGems API keys: prefix rubygems_ and 48 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // guides.rubygems.org, "API key scopes".
  pattern: /\brubygems_[a-f0-9]{48}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `GEM_HOST_API_KEY="${'rubygems_'}cc03141a0077fa6e147c0a474f420de9203e8d098e6d1997"`,
    `token: ${'rubygems_'}eead886afcc2047d4043be033abe1c815142c5d813174ec7\nregion: eu`,
    `my RubyGems key is ${'rubygems_'}4a98ddf0c23059c8b8275a778f760169990f610b77567de1, what do I do with it?`,
    `client = Client("${'rubygems_'}18fde6dc92e272002a4cf8c822b9701a613701d0ead01f9d")`,
    `--token ${'rubygems_'}610cf40358aac265bd8069753df6226cbb85cdf46b470b7c --verbose`,
  ],
  ignores: [
    `${'rubygems_'}b040a036915738373bf53d0866aa1c5e965d8c2be6dddee`,
    `${'rubygems_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'rubygems_'}feb3d5ab0f68215d453dcfca4c9db5c46dec417c87d664c0`,
    'tokens of RubyGems begin with rubygems_ and are kept in the vault',
    'GEM_HOST_API_KEY=<your RubyGems key>',
  ],
});
