import { isKeyMaterial } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'url-query-secret',
  family: 'secret',
  summary: 'Keys, tokens, signatures and passwords in the query of a URL; placeholders, short values and page tokens pass.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.78,
  pattern:
    /[?&](?:api[_-]?key|app[_-]?key|apikey|key|access[_-]?token|auth[_-]?token|auth|token|secret|client[_-]?secret|password|passwd|pwd|sig|signature|code|session[_-]?id|sid)=[A-Za-z0-9_.~%+-]{15,90}(?:[A-Za-z0-9]\b|=)/i,
  check: (candidate) => isKeyMaterial(candidate.slice(candidate.indexOf('=') + 1)),
  references: ['owasp-llm:LLM02:2026', 'cwe:598'],
  finds: [
    `https://api.example.com/v1/users?api_key=${'q8Zt3L'}mW5xR1nB7vK9`,
    `GET /hook?x=1&token=${'3f7868'}50e387550fdab836ed7e6dc881`,
    `https://example.com/cb?access_token=${'Vb4n7Q'}wE2rT9yU5iO1pA&state=1`,
    `https://files.example.com/a.pdf?sig=${'Lk8jH5'}gF2dS9aP3oI6uY4`,
  ],
  ignores: [
    'https://api.example.com/v1?api_key=YOUR_API_KEY_GOES_HERE',
    'https://api.example.com/v1?key=<key>',
    'https://example.com/list?page_token=q8Zt3LmW5xR1nB7vK9',
    'https://example.com/search?key=summer-dresses-2024-sale',
    'https://example.com/?token=123',
    `https://example.com/?token=${'x'.repeat(20)}`,
  ],
});
