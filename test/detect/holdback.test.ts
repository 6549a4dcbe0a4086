import { expect, test } from 'vitest';
import { inspectStream, policyFrom, STREAM_DIALECTS } from '../support/streams.ts';

const PROSE =
  'The branch on Main Street opens at nine and closes at five, except on Fridays, when it stays open until seven. Fees changed in 2024; ' +
  'a transfer abroad costs 4.50 EUR now, and most customers never pay more than 12 EUR a year. Ask Tom, Eve or the team in Köln (room 7). ';

const policy = policyFrom('version: 1\n');
const engine = policy.route({ routeName: undefined, host: '', path: '' }).profile.engine('output', 'response')!;

test('holds no more of ordinary prose than the word or number that is still growing', () => {
  const scan = engine.open({ stopAtDenial: true });
  const held = Array.from(PROSE, (character, i) => {
    scan.push(character);
    return PROSE.slice(scan.settled, i + 1);
  });
  expect(held.filter((text) => text.trim().includes(' '))).toEqual([]);
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
