import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'google-api-key',
  family: 'secret',
  summary: 'Google API keys (Maps, Firebase, Gemini and others): prefix AIza and 35 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.95,
  // cloud.google.com/docs/authentication/api-keys. Keys of web clients are public by design, but look the same as those of Gemini.
  pattern: /\bAIza[A-Za-z0-9_-]{34}(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export GEMINI_API_KEY='${'AIza'}Xc75QmkP33XkMFc50E6aAqE7vZnpOM51_au'; make deploy`,
    `token: ${'AIza'}nF7vQhki9uoTvxsnI7Mm7wVO6gU5AVaC9VB\nregion: eu`,
    `my Google key is ${'AIza'}bD7DQpkSZEwkZWMNBQczvd8hyelbFGI8I7C, what do I do with it?`,
    `client = Client("${'AIza'}QT7MQmkNqlM2YONNErr_mIDhxlEWsDGp2x9")`,
    `(${'AIza'}O07xQek9GPVsVkkoYxl7oHiwOUfkS10avJI)`,
  ],
  ignores: [
    `${'AIza'}qD7KQFkplfgP6l_Fr8CaSwqpsnXsn0F0tA`,
    `${'AIza'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'AIza'}Qf7QQKk36dAvcE8Hb759ZQm0cOPY2d5Ud2x`,
    'tokens of Google begin with AIza and are kept in the vault',
    'GEMINI_API_KEY=<your Google key>',
    `${'AIza'}SyabcdefghijklmnopqrstuvwxyzABCDEFG`,
  ],
});
