import { describe, expect, it } from 'vitest';
import { buildAlphabet } from '../../src/detect/alphabet.ts';
import { ACCEPTS_AFTER, ACCEPTS_BEFORE, createAutomaton, DEAD, ROW_SHIFT } from '../../src/detect/automaton.ts';
import { buildNfa, type Precision } from '../../src/detect/nfa.ts';
import { parsePattern } from '../../src/detect/pattern.ts';

function automatonOf(
  sources: readonly string[],
  { fresh = true, precision = 'exact' as Precision, statesMax = 4096, stateAllowance = 1 << 16 } = {},
) {
  const patterns = sources.map((source) => parsePattern({ source, flags: '' })).flatMap((result) => (result.ok ? [result.pattern] : []));
  expect(patterns).toHaveLength(sources.length);
  const nfa = buildNfa(
    patterns.map(({ root }) => root),
    precision,
  );
  const alphabet = buildAlphabet(nfa.nodes.flatMap((node) => (node.kind === 'unit' ? [node.set] : [])));
  const automaton = createAutomaton({ nfa, alphabet, fresh, longest: patterns.map(({ longest }) => longest), statesMax, stateAllowance });
  /** One letter per unit: `.` dead, `-` alive; `<` and `>` where a pattern ended before or with it. */
  const read = (text: string): string => {
    let state = automaton.initial('start');
    return Array.from({ length: text.length }, (_, i) => {
      const column = automaton.columnOf[alphabet.classOf[text.charCodeAt(i)]!]!;
      const row = automaton.rowOf(state);
      const known = automaton.table()[row + column]!;
      const entry = known < 0 ? automaton.extend(row, column) : known;
      state = automaton.stateAt(entry >> ROW_SHIFT);
      return (entry & ACCEPTS_BEFORE ? '<' : '') + (entry & ACCEPTS_AFTER ? '>' : '') + (entry & DEAD ? '.' : '-');
    }).join(' ');
  };
  return { automaton, nfa, read };
}

describe('an automaton', () => {
  it('says after each unit what is alive and what ended', () => {
    const { read } = automatonOf(['abc', '\\bb\\b']);
    expect(read('xabc b, b')).toBe('. - - >. . - <. . -');
  });

  it('decides an assertion at the end of the text', () => {
    const { automaton } = automatonOf(['ab\\b', 'b$', 'bc']);
    const { row } = automaton.initial('start');
    expect(automaton.acceptedAtEnd(automaton.stateAt(row))).toEqual([]);
  });

  it('gives every end of one pattern from one start when it is anchored', () => {
    const { read } = automatonOf(['a{2,4}(?:b|bc)?'], { fresh: false });
    expect(read('aaaabcx')).toBe('- >- >- >- >- >. .');
    expect(read('xaa')).toBe('. . .');
  });

  it('gives the same answers when its table starts afresh all the time', () => {
    const sources = ['ab{1,9}c', '\\bx[a-c]{2,7}\\b', '[^b]{3}b'];
    const text = 'abbbc xabca, aab b ab abbbbbbbbc xaaaaaaa.'.repeat(3);
    const small = automatonOf(sources, { statesMax: 6 });
    expect(small.read(text)).toBe(automatonOf(sources).read(text));
    expect(small.automaton.size()).toBeLessThanOrEqual(8);
  });

  it('stays small over a wide repetition when it is loose, and accepts all that the exact one accepts', () => {
    const [loose, exact] = [automatonOf(['x[^.]{0,300}y'], { precision: 'loose' }), automatonOf(['x[^.]{0,300}y'])];
    const text = `x${'ab x'.repeat(90)}y y.`;
    const ends = (marks: string): number[] => marks.split(' ').flatMap((mark, i) => (mark.includes('>') ? [i] : []));
    const [found, possible] = [ends(exact.read(text)), ends(loose.read(text))];
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((end) => !possible.includes(end))).toEqual([]);
    expect(loose.nfa.nodes.length).toBeLessThan(20);
    expect(loose.automaton.size()).toBeLessThan(12);
    expect(exact.automaton.size()).toBeGreaterThan(300);
  });

  it('earns a state with fewer units the more patterns there are to be searched for without it', () => {
    const unitsToEarn = (patterns: number): number => {
      const { automaton, read } = automatonOf(
        Array.from({ length: patterns }, () => 'ab'),
        { stateAllowance: 1 },
      );
      read('abx');
      for (let units = 0; ; units++) {
        if (!automaton.isSpent()) return units;
        automaton.earn(1);
      }
    };
    expect([1, 100, 400].map(unitsToEarn)).toEqual([65, 17, 5]);
  });

  it('reads a surrogate pair as one character and a lone half as U+FFFD', () => {
    const { read } = automatonOf(['x[^a]y', '\\u{1f600}\\u{1f601}', '\\ufffdz']);
    expect(read('x\ud83d\ude00y')).toBe('- - - >.');
    expect(read('x\ud83dy')).toBe('- - >.');
    expect(read('😀😁')).toBe('- - - >.');
    expect(read('\ude00z')).toBe('- >.');
    expect(read('😀z')).toBe('- - .');
  });
});
