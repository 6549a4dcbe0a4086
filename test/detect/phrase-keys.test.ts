import { describe, expect, it } from 'vitest';
import { type Pattern, parsePattern } from '../../src/detect/pattern.ts';
import { createTemplateReader } from '../../src/detect/phrases/keys.ts';
import { neededSigns } from '../../src/detect/phrases/needed-signs.ts';

const { keysOf } = createTemplateReader();
const keys = (template: string): readonly string[] | undefined => {
  const found = keysOf(template);
  return found && [...found.words].toSorted();
};

describe('the keys of a template', () => {
  it('are those of each alternative where a group has too many texts to list', () => {
    const many = `(?:${Array.from({ length: 40 }, (_, i) => `w${i}`).join('|')})`;
    expect(keys(`to (?:zebras|${many} ${many})`)).toHaveLength(41);
    expect(keys(`to (?:zebras|${many} ${many})[,:]\\s{0,2}[a-z]{1,12}`)).toHaveLength(41);
    // What follows may go on with the word, or the group may be missing.
    expect(keys(`to (?:zebras|${many} ${many})[,:]?[a-z]{1,12}`)).toEqual(['to']);
    expect(keys(`to (?:zebras|${many} ${many})?`)).toEqual(['to']);
    expect(keys(`to (?:zebras|${many} ${many})s`)).toEqual(['to']);
    // One alternative can be anything.
    expect(keys(`to (?:[a-z]{1,9}|${many} ${many})`)).toEqual(['to']);
  });
});

describe('the keys of a part that ends in words', () => {
  it('are these, where a word boundary stands before them', () => {
    expect(keys('if [^.\\n]{0,80}\\b(?:zebra|old emus)')).toEqual(['emus', 'zebra']);
    expect(keys('if [^.\\n]{0,80}\\b(?:zebra|[a-z]{1,9})')).toEqual(['if']);
  });

  it('are none, where no boundary does, or one of another group, alternative or list', () => {
    expect(keys('if [^.\\n]{0,80}(?:zebra|emu)')).toEqual(['if']);
    expect(keys('if (?:[^.]{1,9}\\b|x)zebra')).toEqual(['if']);
    expect(keys('if [^.]{3}|[^.]{1,9}\\bzebra')).toEqual(['if']);
    expect(keys('if [^.]{1,9}[x\\b]zebra')).toEqual(['if']);
  });

  it('count from the start of the match to their end', () => {
    expect(keysOf('if [^.\\n]{0,80}\\b(?:zebra|emu) now')?.upTo).toBe('if [^.\\n]{0,80}\\b(?:zebra|emu)');
  });
});

describe('a common word', () => {
  it('is no key where a rarer one or a pair can be', () => {
    expect(keys('(?:please|you) (?:order|pay|transfer|report) ~4 (?:zebras|the emus)')).toEqual(['emus', 'zebras']);
    expect(keys('(?:please|kindly) (?:order|pay|change|report) ~4 (?:to|from)')).toContain('please pay');
  });
});

describe('the signs that a pattern needs', () => {
  const signs = (pattern: RegExp): readonly string[] | undefined => {
    const parsed = parsePattern(pattern);
    return parsed.ok ? neededSigns((parsed.pattern satisfies Pattern).root) : undefined;
  };

  it.each([
    [/to \w{1,9}@\w{1,9}/, ['@']],
    [/to (?:\w{1,9}@\w{1,9}|https?:\/\/\w{1,9})/, [':', '@']],
    [/a[@#]b/, ['#', '@']],
    [/(?:@x){1,3}/, ['@']],
  ])('%s', (pattern, expected) => {
    expect(signs(pattern)?.toSorted()).toEqual(expected);
  });

  it.each([/to me/, /a@?b/, /a(?:@x){0,3}b/, /a(?:@|b)c/, /a[@b]c/, /a[^x]c/, /a, b/, /[!#$%&*+;]/])('%s needs none', (pattern) => {
    expect(signs(pattern)).toBeUndefined();
  });
});
