import { expect, test } from 'vitest';
import { inspectStream, policyFrom, STREAM_DIALECTS } from '../support/streams.ts';

const PROSE =
  'The branch on Main Street opens at nine and closes at five, except on Fridays, when it stays open until seven. Fees changed in 2024; ' +
  'a transfer abroad costs 4.50 EUR now, and most customers never pay more than 12 EUR a year. Ask Tom, Eve or the team in Köln (room 7). ';

const policy = policyFrom('version: 1\n');
const engine = policy.route({ routeName: undefined, host: '', path: '' }).profile.engine('output', 'response')!;

/** What is held of a text after each of its characters, where that is more than the word or number that is still growing. */
function heldBehind(text: string): readonly string[] {
  const scan = engine.open({ stopAtDenial: true });
  return Array.from(text, (character, i) => {
    scan.push(character);
    return text.slice(scan.settled, i + 1);
  }).filter((held) => held.trim().includes(' '));
}

test('holds more of ordinary prose than the word or number that is still growing only where something may begin, and a few words at most', () => {
  const held = heldBehind(PROSE);
  expect(held.length).toBeLessThan(PROSE.length / 10);
  expect(Math.max(...held.map(({ length }) => length))).toBeLessThan(20);
});

test('holds the word that is still growing behind prose', () => {
  const scan = engine.open({ stopAtDenial: true });
  scan.push('The branch on Main Street opens at nine and clo');
  expect(scan.length - scan.settled).toBeLessThanOrEqual('clo'.length + 1);
});

test('holds nothing for a label once its value can no longer begin', () => {
  const scan = engine.open({ stopAtDenial: true });
  scan.push('The registry keeps what the branch on Main Street told us about opening hours and clo');
  expect(scan.length - scan.settled).toBeLessThanOrEqual('clo'.length + 1);
});

/** Words that are held behind the last piece of a text that comes in words. */
function heldInWords(text: string): string {
  const scan = engine.open({ stopAtDenial: true });
  for (const word of text.split(/(?= )/)) scan.push(word);
  return text.slice(scan.settled);
}

test('holds no word that began something for what the next word begins', () => {
  expect(heldInWords('We have met 12 times')).toBe(' times');
  expect(heldInWords('They fit 85 places')).toBe(' places');
});

test('holds a word that may begin a value only where the label stands that the value asks for', () => {
  expect(heldInWords('The sheet is good for 9')).toBe(' 9');
  expect(heldInWords('The passport is good for 9')).toBe('for 9');
});

test('holds a run of letters that may be base64 until it ends', () => {
  const scan = engine.open({ stopAtDenial: true });
  const run = 'QUJD'.repeat(20);
  scan.push(`See ${run}`);
  expect(scan.length - scan.settled).toBeGreaterThanOrEqual(run.length);
  scan.push(' and');
  expect(scan.length - scan.settled).toBeLessThanOrEqual(' and'.length);
});

test.each(STREAM_DIALECTS)('$format.id: words in events of their own leave with at most one event in hand', ({ format, write }) => {
  const deltas = PROSE.split(/(?<= )/);
  const stream = write(deltas);
  const { released } = inspectStream(policy, {
    format,
    body: stream.subarray(0, stream.lastIndexOf(deltas.at(-1)!)),
    chunkBytes: [1 << 20],
  });
  const events = (bytes: Buffer): number => bytes.toString('utf8').split('\n\n').length - 1;
  expect(events(stream.subarray(0, stream.lastIndexOf(deltas.at(-1)!))) - events(released)).toBeLessThanOrEqual(1);
});
