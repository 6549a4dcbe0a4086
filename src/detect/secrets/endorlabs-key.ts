import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'endorlabs-key',
  family: 'secret',
  summary: 'Endor Labs API secrets: endr+ and 16 letters, digits and hyphens.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // docs.endorlabs.com, "API keys".
  pattern: /\bendr\+[A-Za-z0-9-]{16}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `ENDORLABS_KEY="${'endr+'}bGi9gKVHijEUfw80"`,
    `token: ${'endr+'}MecQept5afS7bvMp\nregion: eu`,
    `my key for Endor Labs is ${'endr+'}3jfcD8uzhNN3KnQF, what do I do with it?`,
    `(${'endr+'}curmIdjh5tYTXMRs)`,
  ],
  ignores: [
    `${'endr+'}SQTEM4vbx`,
    `${'endr+'}xxxxxxxxxxxxxxxx`,
    'ENDORLABS_KEY=<your key for Endor Labs>',
    'ENDORLABS_KEY=process.env.ENDORLABS_KEY',
    'secrets of Endor Labs begin with endr+ and are kept in the vault',
  ],
});
