import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'fireworks-key',
  family: 'secret',
  summary: 'Fireworks AI API keys: prefix fw_ and 22 to 24 characters in mixed case.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.9,
  // docs.fireworks.ai, "API keys".
  pattern: /\bfw_[A-Za-z0-9]{22,24}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export FIREWORKS_API_KEY='${'fw_'}Dj7TQwkl9PSheCLCOXBiW5'; make deploy`,
    `token: ${'fw_'}SK7HQhkttTKHTWkWHZqwqy\nregion: eu`,
    `my Fireworks key is ${'fw_'}GP7OQZkXrFZ0dk9wyWehXY, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'fw_'}Xw7vQLkvkaizE0JBrTXAjr" https://api.example.org/v1`,
    `${'fw_'}xH7nQ7kRGnu9KXMey5CaTi`,
  ],
  ignores: [
    `${'fw_'}ZI7gQbkPRlAtjXtLvoARc`,
    `${'fw_'}xxxxxxxxxxxxxxxxxxxxxx`,
    `a${'fw_'}UL7IQ2kuN91n07C1TCJxGg`,
    'tokens of Fireworks begin with fw_ and are kept in the vault',
    'FIREWORKS_API_KEY=<your Fireworks key>',
    'fw_version_number_of_the_board',
    'fw_load_firmware_from_user_space',
  ],
});
