import { detector } from '../detector.ts';

export default detector({
  name: 'google-oauth-token',
  family: 'secret',
  summary: 'Google OAuth access tokens: prefix ya29. and at least 60 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // Google identity platform; lengths vary up to 2,048.
  pattern: /\bya29\.[A-Za-z0-9_-]{60,1000}[A-Za-z0-9_-]{0,1000}/,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `GOOGLE_OAUTH_ACCESS_TOKEN=${'ya29.'}yb7XQtkp2wkEtDGVa2DFdSJIYlhmvXZ5Eenqfm2XtGTq2SuTbyd4KXjl6IKT0cNeETTAs0F42ADZGrqYSK5wu7U5J-GNQTNOX-WoXKS7BgqdQ7TcjX6hq8yd`,
    `token: ${'ya29.'}h_7OQAkA2Nv6I87MZuBuOQqJC1qna4QzhM-0KeOHC-2aRAqH25oiqzHDq9Uh5vL2btKA2GaU-2iD-wNwZ566J3iclnK-yNNU1S7ELRt80OO7lKZhGMIp4Fuq\nregion: eu`,
    `my Google key is ${'ya29.'}YA71Q5k0T3J5qPnCS2MLAVlVLp206AjSFAQFasVho9uEKHwyZyw_l0jDvr_4E-iggpw3Mqo55J61XrHYOgm9-neGOVjZE4bBIvUBw8A0Ujf5APZ_E4YscXEC, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'ya29.'}Gm73QQk0W5H851gIY2KxS6bTHNGWorGhjtqNyOYGXdlpUZ0j92XO4lpaYND3x4x3tDn7bTHeaMSwLv-bgc9SSJ0ZVui2YyN2fpZuvKYFFpJujdiqVpwNpSZw" https://api.example.org/v1`,
    `--token ${'ya29.'}EX7oQhkLUzYYStCwdnAbWjk5qR3uFiLOWPMLtlAMVAvyg_j74KNiM5dNSnVCZpfAZHj8vp6B-WhhreGKo2Kl_Xu4fnBKOiUTo0Ve-48jwNOaeCZthBW3iQVl --verbose`,
  ],
  ignores: [
    `${'ya29.'}2M7rQ4kL53udI7xgeJyZNTrEnIXKFsPO5jzdgjDf`,
    `a${'ya29.'}ll7bQ8kbI_sV1dleaRLGfGxVZeyX31UQ-toebEN56vJfcMSuCp8lC8Zs84OIk72zCsH9caXWb1fN3F6BaXNT1aUJLYCQxhruR7pt7m7c7Xe2cYqPHG1N4AOA`,
    'tokens of Google begin with ya29. and are kept in the vault',
    'GOOGLE_OAUTH_ACCESS_TOKEN=<your Google key>',
    'GOOGLE_OAUTH_ACCESS_TOKEN=$(vault kv get -field=token secret/ci)',
  ],
});
