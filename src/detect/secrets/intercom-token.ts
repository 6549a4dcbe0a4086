import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'intercom-token',
  family: 'secret',
  summary: 'Intercom access tokens: the base64 of tok: and what follows it.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\bdG9rO[A-Za-z0-9+/]{50,80}={0,2}/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `| INTERCOM_TOKEN | ${'dG9rO'}Kirfr4gw97D+K4T/GqKwRugTzHdticPiSgdf4LYwlM+9Scl57LWjFBW= |`,
    `INTERCOM_TOKEN=${'dG9rO'}nqqe87IGJLJZGferJmGtuX778KwxUBAcmz9FijhwV7hK3YNujyyoOqexIAW6O5qHQdMdYZOuPl`,
    `intercom_token: '${'dG9rO'}fkAtaEhwp985HFcRClkN93E482nbh3K9B3P2TfA8XliIqY+6XZtrJqm='`,
    `const client = new Client("${'dG9rO'}EfCpzDBQlp0Gtp09CzLsemEIMHMYIa3scctuNICWyfkikFD64tx0YHz057xv/LC/s/6H7mFUzE");`,
  ],
  ignores: [
    `${'dG9rO'}UEtscHGfuCSWq`,
    `x${'dG9rO'}UEtscHGfuCSWqemW7SKYWT/yqDPHLlqMOxfINtQZrFqPUTYSFBTGAeF=`,
    `${'dG9rO'}${'x'.repeat(56)}`,
    'dG9rO is how such a token begins',
    'INTERCOM_TOKEN=process.env.INTERCOM_TOKEN',
    'intercom_token: <your token>',
  ],
});
