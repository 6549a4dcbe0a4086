import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CLAIM_REFUSALS, USE_REFUSALS } from '../../src/agents/refusal.ts';

test('docs/agents.md explains every reason for refusing, and no other', () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../docs/agents.md'), 'utf8');
  const rows = Array.from(text.matchAll(/^\| `([a-z-]+)` \|/gm), ([, reason]) => reason);
  expect(rows).toEqual([...CLAIM_REFUSALS, ...USE_REFUSALS]);
});
