import { describe, expect, it } from 'vitest';
import { OBFUSCATIONS } from '../../eval/obfuscations.ts';

const ROWS: readonly (readonly [name: string, disguised: string])[] = [
  ['zero-width', 'A\u200dc\u2060t'],
  ['fullwidth', 'Ａｃｔ'],
  ['look-alike letters', '\u0391\u0441t'],
  ['leetspeak', '4c7'],
  ['spaced letters', 'A c t'],
  ['HTML entities', '&#x41;&#x63;&#x74;'],
  ['URL encoding', '%41%63%74'],
  ['base64', 'QWN0'],
  ['hex', '416374'],
  ['rot13', 'Npg'],
];

const named = (name: string) => OBFUSCATIONS.find((one) => one.name === name)!;

describe('the obfuscations', () => {
  it('are the ten of the table', () => {
    expect(OBFUSCATIONS.map(({ name }) => name)).toEqual(ROWS.map(([name]) => name));
    expect(ROWS).toHaveLength(10);
  });

  it.each(ROWS)('%s writes "Act" as %s, each time', (name, disguised) => {
    expect(named(name).disguise('Act', 1)).toBe(disguised);
    expect(named(name).disguise('Act', 1)).toBe(disguised);
  });

  it('write characters outside the basic plane so that they can be read back', () => {
    const text = 'é😀 %';
    expect(decodeURIComponent(named('URL encoding').disguise(text, 0))).toBe(text);
    expect(Buffer.from(named('base64').disguise(text, 0), 'base64').toString()).toBe(text);
    expect(Buffer.from(named('hex').disguise(text, 0), 'hex').toString()).toBe(text);
    expect(named('HTML entities').disguise(text, 0)).toBe('&#233;&#128512;&#32;&#37;');
  });
});
