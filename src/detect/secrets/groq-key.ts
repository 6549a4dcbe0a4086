import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'groq-key',
  family: 'secret',
  summary: 'Groq API keys: prefix gsk_ and 52 letters and digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.97,
  // Groq console: every key carries WGdyb3FY (base 64 of "Groq") inside, which is not required here.
  pattern: /\bgsk_[A-Za-z0-9]{52}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `GROQ_API_KEY="${'gsk_'}Yt71QhklF6W4QSoCPvBuRCwhjLgniZyoZwSmKfPGbmqqQ0ChVBzI"`,
    `{"token":"${'gsk_'}e772Qeke3NICmyma3Sv5ZWfUDNV4eKDaHeSVYvVihkE9nPDKD33f"}`,
    `my Groq key is ${'gsk_'}fD7dQukBUVhW86VdrNyA9VOKlIjtyZi5g6gR5svlH9AEoMw9vA0W, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'gsk_'}T07AQbkAzocr0bMBHBtSLWzymFuTmqATYPMPpyKOTRuAd7VNMjhr" https://api.example.org/v1`,
    `${'gsk_'}OY7pQAkJo1nxOVTYnAaa9IM0ArVf8FxwDaEq8wsttELm8Rzk4qL5`,
  ],
  ignores: [
    `${'gsk_'}vn7sQckJy0JW4zW29Ngu8W1835hlLGuqCbvWY4UMW6VXAP4ToBN`,
    `${'gsk_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'gsk_'}1g7YQqkx2nliFP9ac2IiTyTa0o7bdLPCMfvgMfovKVullfmO5o6O`,
    'tokens of Groq begin with gsk_ and are kept in the vault',
    'GROQ_API_KEY=<your Groq key>',
  ],
});
