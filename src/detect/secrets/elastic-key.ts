import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'elastic-key',
  family: 'secret',
  summary: 'Elasticsearch and Elastic Cloud API keys in base64 and passwords, by the name of the service.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.85,
  pattern: assignment(
    'elastic[\\w .-]{0,16}(?:api[ ._-]?key|password|token)',
    '\\b(?:[A-Za-z0-9+/]{58}==|[A-Za-z0-9+/]{40,64}={0,2}|[A-Za-z0-9]{20,24}\\b)',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `ELASTIC_API_KEY=${'hK6wVo'}k+AyP6NHRc0q+x2RlQJZmW+iN6MpLy4pQrSOIS/pIAKCxPhxhroq==`,
    `{"elasticsearchApiKey": "${'PBfTIX'}43w6EQAZFjK+Aij60YEgKtxyfNLVzTBRx3/gKfp+p+ZLHwQYp51G=="}`,
    `Elastic API key is ${'ACFyjX'}ERGRfKdIzpRW8JY5NZ7LMtAHFFCvNu8WNlHTkr4Nsr0TwWJhkwMw==`,
    `ELASTIC_API_KEY = '${'wGLEWF'}MpKJ/pZlhe5Gh9rV/bFGBTW+kPDPO5dXvHqOK6e1tAn25xRd8ZA0=='`,
  ],
  ignores: [
    'ELASTIC_API_KEY=process.env.ELASTIC_API_KEY',
    'ELASTIC_API_KEY=<your Elastic key>',
    `checksum=${'UAEizV'}ZP5KJ8F/nKXJ84QIyoh6zlVfjcaPYU6Vrbyg09ll8GfgADVqZiXs==`,
    `ELASTIC_API_KEY=${'x'.repeat(60)}`,
    `Elastic answered in 120 ms, request ${'UAEizV'}ZP5KJ8F/nKXJ84QIyoh6zlVfjcaPYU6Vrbyg09ll8GfgADVqZiXs==`,
    'elasticsearchApiKey=DeiZZSDB7F812gbcUo3pXIU2kzKcK',
  ],
});
