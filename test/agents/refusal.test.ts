import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CLAIM_REFUSALS, USE_REFUSALS } from '../../src/agents/refusal.ts';

test('docs/agents.md explains every reason for refusing, and no other', () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../docs/agents.md'), 'utf8');
  const [, reasons = ''] = text.split('\n## Reasons\n');
  const rows = Array.from((reasons.split('\n## ')[0] ?? '').matchAll(/^\| `([a-z-]+)` \|/gm), ([, reason]) => reason);
  expect(rows).toEqual([...CLAIM_REFUSALS, ...USE_REFUSALS]);
});
