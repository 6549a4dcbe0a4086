import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'google-refresh-token',
  family: 'secret',
  summary: 'Google OAuth refresh tokens: prefix 1//0 and 40 to 120 characters in base64url.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // Google identity platform, OAuth playground included (1//04).
  pattern: /\b1\/\/0[A-Za-z0-9_-]{40,120}(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `GOOGLE_REFRESH_TOKEN=${'1//0'}be7OQ1kz5cLDETuy2dN5Dgg2QEwaGgTfmIWYfTtn-ESE7Wn2MXnvDKu7hjQvUvr6II9ED9dXSBV6Ygx7zHjQutRonzkqpZkRa3E`,
    `token: ${'1//0'}CU7vQlkGHhroiIAWKKJhkNpeGVumh9My3BRz9KoffxxBj83B7Y7dSJbLOrPijMXfqr5QoznMauOl14OM216lGrQ6YMhBLa58fi7\nregion: eu`,
    `my Google key is ${'1//0'}Kw7OQJkhEFXDzxfYQxcMSV5EnMmUG4-2c875e8Y4yZm3e5ZHbaZXjGvWsO0r1Rh3-Dsj-h-Fgy0KBh9igewxQNOCkCjg_aIXRum, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'1//0'}Op7RQykrqv8bncnvNGu7xCnamubAmDchobBFWp0eg91i5FCPQHnQFPbQcnaKpYW4yB2G1kRu1Jft4gs1d2bH-9G4KN11z8P5wiG" https://api.example.org/v1`,
    `${'1//0'}7e7PQVkwwufNXIOrPVyccgwL7iyDRIFPcoVKX4nimnO6_EV2-ljxx87XaNX4lnvoVeD-FNvRoRyT8qTC5fS20KYu2XKKP4qYOUZ`,
  ],
  ignores: [
    `${'1//0'}0C7-Q8kQkO4GRuq3_VKB`,
    `${'1//0'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'1//0'}jg75QzkTwahHJcaSh00l48k7N-rzma3vt8yD3a9jXkQUplY0ltfSXw0CEBQEXoX6PfDu_4Apx6uaysovYeAZqXbh7zQMim0F3ww`,
    'tokens of Google begin with 1//0 and are kept in the vault',
    'GOOGLE_REFRESH_TOKEN=<your Google key>',
  ],
});
