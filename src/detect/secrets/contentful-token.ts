import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'contentful-token',
  family: 'secret',
  summary: 'Contentful personal access tokens: CFPAT- and 43 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bCFPAT-[A-Za-z0-9_-]{43}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `Authorization: Bearer ${'CFPAT-'}8doW2DO8vCt2hYtUlY9GCFsLkVG6AfwUvoNXZKawwPA`,
    `export CONTENTFUL_TOKEN="${'CFPAT-'}KEtAI6qPGgKR3yWmauuO8eqiwwfzt0dORO2A_Y5CLFq"`,
    `--token ${'CFPAT-'}iKnAm9wtxl3NCM24J6gREwIxM9Uxgf6Zeav1LDrQ1mY --verbose`,
    `{"token":"${'CFPAT-'}iWYOAhtyOS3Pq0JFCmSBMDbZQmFDxSmyG_ewbP9vhzY"}`,
  ],
  ignores: [
    `${'CFPAT-'}W8QYJQCdz`,
    `x${'CFPAT-'}W8QYJQCdz8n01dp6LJ5sBa3UDdi5D6DLKPgXTabWHOp`,
    `${'CFPAT-'}${'x'.repeat(43)}`,
    'CFPAT- is how such a token begins',
    'CONTENTFUL_TOKEN=process.env.CONTENTFUL_TOKEN',
    'contentful_token: <your token>',
  ],
});
