import { expect, test } from 'vitest';
import { createFactDrafts, draft } from '../../../src/inventory/folding/fact-drafts.ts';

test('a fact is one for each kind and key, whatever its parts look like together', () => {
  const drafts = createFactDrafts();
  const first = draft(drafts, 'tools', ['a', 'bc']);
  expect(draft(drafts, 'tools', ['a', 'bc'])).toBe(first);
  const others = [
    draft(drafts, 'tools', ['ab', 'c']),
    draft(drafts, 'tools', ['a']),
    draft(drafts, 'agents', ['a', 'bc']),
    draft(drafts, 'tools', ['a', 'bc', '']),
  ];
  expect(new Set([first, ...others]).size).toBe(5);
  expect([...drafts.facts.values()]).toEqual([first, ...others]);
  expect([...drafts.facts.keys()][0]).toBe('tools\0a\0bc');
});
