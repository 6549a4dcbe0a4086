import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFold, foldText, isFolded } from '../../../src/detect/views/fold.ts';
import { FOLDED, PAIRED } from '../../../src/detect/views/fold-table.ts';

it.each([
  ['Ｈｅｌｌｏ', 'Hello'],
  ['𝐇𝑒𝓁𝔩𝕠 𝟏𝟚', 'Hello 12'],
  ['🄷🅴🅛🅛🅾', 'HELLO'],
  ['Ⓗⓔⓛⓛⓞ', 'Hello'],
  ['Неllо', 'Hello'], // Cyrillic Н, е, о
  ['crème brûlée, größe, Łódź', 'creme brulee, große, Lodz'],
  ['e\u0301', 'e'],
  ['١٢٣ १२३', '123 123'],
  ['a\u200bb\u2060c\ufeffd\u00ade', 'abcde'],
  ['\u{e0048}\u{e0069}\u{e007f}', 'Hi'],
  ['“quoted” – it’s', '"quoted" - it\'s'],
  ['日本語 привет'.slice(0, 4), '日本語 '],
  ['\u0000\u0001\ud800', '\u0000\u0001\ud800'],
])('%j is read as %j', (text, expected) => {
  expect(foldText(text)).toBe(expected);
});

it('every fold is its own fold, and ASCII is left alone', () => {
  const folded = Array.from(FOLDED).filter((unit, i) => unit !== i && unit < PAIRED);
  expect(folded.length).toBeGreaterThan(1200);
  expect(folded.filter((unit) => FOLDED[unit] !== unit)).toEqual([]);
  expect(isFolded(String.fromCharCode(...Array.from({ length: 128 }, (_, i) => i)))).toBe(true);
});

const part = fc.constantFrom('a', 'é', 'ß', '\u200b', '\u0301', '𝐀', '😀', '\u{e0041}', '\u{e0001}', '\ud835', '\udc00', '🇩', '漢', ' ');
const pieces = fc.array(
  fc.array(part, { maxLength: 4 }).map((parts) => parts.join('')),
  { maxLength: 8 },
);

it('does not depend on how a text is cut, and says where each unit stood', () => {
  fc.assert(
    fc.property(pieces, fc.array(fc.nat(40), { maxLength: 5 }), (parts, at) => {
      const text = parts.join('');
      const whole = createFold();
      const folded = whole.push(text) + whole.end();
      const cut = createFold();
      const borders = [0, ...at.map((one) => Math.min(one, text.length)).sort((a, b) => a - b), text.length];
      const joined = borders.map((from, i) => cut.push(text.slice(from, borders[i + 1] ?? from))).join('') + cut.end();
      expect(joined).toBe(folded);
      expect(foldText(text)).toBe(folded);
      let last = 0;
      for (let i = 0; i < folded.length; i++) {
        const [start, end] = [whole.startOf(i), whole.endOf(i + 1)];
        expect([cut.startOf(i), cut.endOf(i + 1)]).toEqual([start, end]);
        expect(start).toBeGreaterThanOrEqual(last);
        expect(foldText(text.slice(last, start))).toBe('');
        expect(foldText(text.slice(start, end))).toBe(folded[i]);
        last = end;
      }
      expect(foldText(text.slice(last))).toBe('');
    }),
    { numRuns: 2000 },
  );
});

it('forgets places that are not asked for any more, and keeps the others', () => {
  const fold = createFold();
  const text = 'a\u200b'.repeat(5000);
  const folded = fold.push(text);
  expect(folded).toBe('a'.repeat(5000));
  fold.forgetBefore(4000);
  expect([fold.startOf(4000), fold.endOf(4500), fold.startOf(5000)]).toEqual([8000, 8999, 10_000]);
});
