import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../../src/detect/checks/words-of.ts';

describe('wordsOf', () => {
  it('gives runs of ASCII letters in lower case, whatever separates them', () => {
    expect(wordsOf('Send it, PLEASE: to amy@example.org 42x')).toEqual(['send', 'it', 'please', 'to', 'amy', 'example', 'org', 'x']);
  });

  it('gives none for a text without letters', () => {
    expect(wordsOf('')).toEqual([]);
    expect(wordsOf(' 12-34 [@`{~] é ')).toEqual([]);
  });
});
