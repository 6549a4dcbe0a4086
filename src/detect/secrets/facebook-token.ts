import { detector } from '../detector.ts';

export default detector({
  name: 'facebook-token',
  family: 'secret',
  summary: 'Facebook and Instagram access tokens: EAA and at least 80 characters, or an app id, a bar and 27 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  pattern: /\b(?:EAA[A-Za-z0-9]{80,400}|IG(?:QV|AA)[A-Za-z0-9_-]{80,400}|\d{13,17}(?:\||%7C)[A-Za-z0-9_-]{27,28})\b/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `FACEBOOK_TOKEN=${'EAAM'}r7QYXIOOocu3yroMt800r62mh5o6ZK5DxCKdqh1o91OTUb323FOC1ShA2wV5LRHtFY109ng8IXI80ZlSzCzatiOWDHVrLh5cYPs4B1iYDR1RvCaJcs12QKag3HIwZlGmdVgvkkMqoGHkAbgaOaABJorlplpkofaI82RHlrVSL6hJefyqNle2`,
    `Authorization: Bearer ${'EAACEdEose0cBA'}r7QS2Ec0DmEH48AKysxyQBsi6EWYzx39A2hUFZVBhhXljlA6PzVT57DlOII4AFlZHkJSpehRQWgTjInhuGH4hOy8KablKVzSLFKB`,
    `const client = new Client("${'556049'}4273816901|r7QaS2UQkME0IsAFQyWGSM06ofO");`,
    `--token ${'IGQV'}r7QxYNGngi03Saw3PG0CF4ZhPCTuGTvsX6e9mA9rTdfoHUfSQdVhW7gNBCZi2g7tACElGeXp38U29JANG3EEYsEUepFBbfRyKwP8IyTZmfoTJuRxxZHRqQqW --verbose`,
  ],
  ignores: [
    'EAA0c9e1f2a3b4c5d6e7f8091a2b3c4d5e6',
    '| 1234567890123456 | 27 |',
    'eaa0c9e1f2a3b4c5d6e7f8091a2b3c4d5e6f',
    'FACEBOOK_TOKEN=process.env.FACEBOOK_TOKEN',
    'facebook_token: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
