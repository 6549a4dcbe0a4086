import { describe, expect, test } from 'vitest';
import { grantLines, readUseLine, rowOfGrants, useLines } from '../../../src/agents/permissions/grant-lines.ts';
import { grantsOf } from '../../../src/agents/permissions/grants.ts';
import { agentRows } from '../../../src/agents/permissions/schema.ts';
import type { RecordedUse } from '../../../src/agents/permissions/usage.ts';
import { documentOf } from '../agent-policy.ts';

const rowOf = (lists: string) => agentRows(documentOf(`agents: {bot: {identify: {spiffe: "spiffe://c/bot"}, ${lists}}}`))[0]![1];

const ROWS: readonly (readonly [lists: string, lines: readonly string[]])[] = [
  ['models: ["gpt-5*", "a|b"]', ['models|allow|gpt-5*', 'models|allow|a|b']],
  ['tools: {allow: [search], deny: ["shell*"]}', ['tools|allow|search', 'tools|deny|shell*']],
  ['tools: {deny: ["shell*"]}', ['tools|deny|shell*']],
  ['skills: []', ['skills|allow|']],
  ['mcp: {methods: ["tools/*"], resources: ["file:///public/*"]}', ['mcp.methods|allow|tools/*', 'mcp.resources|allow|file:///public/*']],
  ['when: "true"', []],
];

describe('what a row grants, as lines', () => {
  test('is tried with six rows', () => expect(ROWS.length).toBe(6));

  test.each(ROWS)('%s', (lists, lines) => {
    const row = rowOf(lists);
    expect(grantLines(row)).toEqual(lines);
    expect(grantsOf(rowOfGrants(lines), undefined)).toEqual(grantsOf(row, undefined));
  });

  test.each(['', 'tools', 'tools|allow', 'tools|maybe|x', '__proto__|allow|x'])('"%s" is none', (line) => {
    expect(grantsOf(rowOfGrants([line]), undefined)).toEqual([]);
  });
});

describe('what was used, as lines', () => {
  const use = (name: string, permitted = true): RecordedUse => ({ list: 'tools', name, permitted });

  test('has each name once, and none that may not leave', () => {
    const uses = [use('search'), use('search'), use('shell', false), use('4111 1111'), use('4222 2222', false)];
    const lines = useLines(uses, (_, name) => (name.startsWith('4') ? undefined : name));
    expect(lines).toEqual(['tools|2|0|search', 'tools|0|1|shell', 'tools|1|1|']);
    expect(lines.map(readUseLine)).toEqual([
      { list: 'tools', name: 'search', permitted: 2, refused: 0 },
      { list: 'tools', name: 'shell', permitted: 0, refused: 1 },
      { list: 'tools', name: undefined, permitted: 1, refused: 1 },
    ]);
  });

  test.each([
    [246, 0],
    [247, 0],
    [248, 1],
  ])('of %i names %i are only counted', (count, unnamed) => {
    const lines = useLines(
      Array.from({ length: count }, (_, index) => use(`t${index}`)),
      (_, name) => name,
    );
    expect([lines.length, lines.includes(`tools|${unnamed}|0|`)]).toEqual([Math.min(248, count), unnamed > 0]);
  });

  test('keeps a bar in a name', () => {
    expect(readUseLine(useLines([use('a|b')], (_, name) => name)[0]!)).toEqual({ list: 'tools', name: 'a|b', permitted: 1, refused: 0 });
  });

  test.each(['', 'tools|1|0', 'cakes|1|0|x', 'tools|-1|0|x', 'tools|1.5|0|x', 'tools|x|0|x'])('"%s" is none', (line) => {
    expect(readUseLine(line)).toBeUndefined();
  });
});
