import { expect, test } from 'vitest';
import { linesOf } from '../../src/cli/lines.ts';

async function linesIn(pieces: readonly Buffer[]): Promise<string[]> {
  async function* input(): AsyncGenerator<Buffer> {
    yield* pieces;
  }
  const lines: string[] = [];
  for await (const line of linesOf(input())) lines.push(line);
  return lines;
}

const TEXT = '{"text":"a\u2028b\u2029c\u0085d"}\n\nsecond 👋\r\nlast';

test.each([1, 2, 3, 5, 100])('breaks at line feeds alone, whatever the cutting (%i bytes)', async (size) => {
  const bytes = Buffer.from(TEXT);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  expect(await linesIn(pieces)).toEqual(['{"text":"a\u2028b\u2029c\u0085d"}', '', 'second 👋\r', 'last']);
});

test.each([
  ['', []],
  ['a\n', ['a']],
  ['a\n\n', ['a', '']],
])('%j has the lines %j', async (text, lines) => {
  expect(await linesIn([Buffer.from(text)])).toEqual(lines);
});
