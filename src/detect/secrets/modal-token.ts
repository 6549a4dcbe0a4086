import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'modal-token',
  family: 'secret',
  summary: 'Modal token secrets: prefix as- and 22 characters, near the word modal.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.9,
  // modal.com/docs; the token id (ak-) is no secret.
  pattern: /\bas-[A-Za-z0-9]{22}\b/,
  check: looksRandomMixed,
  nearby: ['modal'],
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `MODAL_TOKEN_SECRET=${'as-'}GD7tQSkPzSOqFjCyGmkolW`,
    `export MODAL_TOKEN_SECRET='${'as-'}j17aQbkwgINIJLDFHN5ibv'; make deploy`,
    `my Modal key is ${'as-'}wC7aQ9kKZzpEz9hkTDtanB, what do I do with it?`,
    `{"modal":{"apiKey":"${'as-'}ez7pQkk6riED8HhaAYgcOb"}}`,
  ],
  ignores: [
    `key=${'as-'}tD7FQJkshtKSoAUgTRrhQ8`,
    `${'as-'}ZU7AQ8kqSo0aCau1j7IAZ`,
    `${'as-'}xxxxxxxxxxxxxxxxxxxxxx`,
    `a${'as-'}Fk7gQuk1gcnCrbBOZ4rJ1D`,
    'tokens of Modal begin with as- and are kept in the vault',
    'MODAL_TOKEN_SECRET=<your Modal key>',
    `MODAL_TOKEN_ID=${'ak-'}Kh7qQLkW5wXbgXHmjzBpt0`,
  ],
});
