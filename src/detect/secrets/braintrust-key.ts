import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'braintrust-key',
  family: 'secret',
  summary: 'Braintrust service tokens: prefix bt-st- and 48 letters and digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.94,
  // braintrust.dev/docs.
  pattern: /\bbt-st-[A-Za-z0-9]{48}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export BRAINTRUST_API_KEY='${'bt-st-'}Xp7oQpkCA83UtDrcXDEkreCvmqClufx94WXHPfXLcKQ07SZt'; make deploy`,
    `{"token":"${'bt-st-'}uu7lQYkwdO8TG3gwU0k5CETlzq9ASr6sAbZ68Z8ybULCiuNG"}`,
    `my Braintrust key is ${'bt-st-'}cm7xQgkKEwHA4M5ruifKPlevEX7MApQ3VERMj44Xm3VIecBt, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'bt-st-'}0R7fQMkgii2rEaOea9q02dacF1kFKCK5tRP73fc9u5a3ZD1B" https://api.example.org/v1`,
    `${'bt-st-'}ch7rQqkkACYLKOc2KN5uuWKcY1n7w05T7jkWaZNEEXRjki8k`,
  ],
  ignores: [
    `${'bt-st-'}rQ7wQWk0c1UsijsxSsDdIUEI7MEhPpeFQeJ0i8gwhuRAlzl`,
    `${'bt-st-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'bt-st-'}iR7xQ9kEzdFr5qJ6pVxfcWjlDYhCyxWQu3aPgxLQvF06m4iV`,
    'tokens of Braintrust begin with bt-st- and are kept in the vault',
    'BRAINTRUST_API_KEY=<your Braintrust key>',
  ],
});
