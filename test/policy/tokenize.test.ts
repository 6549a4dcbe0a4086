import { describe, expect, it, test } from 'vitest';
import type { Direction, Lane } from '../../src/text/lane.ts';
import { does, loaded, warningsOf } from './compiled.ts';

const withRow = (row: string): string => `version: 1\ndetectors:\n  ${row}\n`;

/** What is done in a lane that goes this way, and whether with tokens. */
function doneIn(yaml: string, lane: Lane, direction: Direction): readonly [string | undefined, boolean] {
  const rule = loaded(yaml)
    .route({ routeName: undefined, host: 'api.test', path: '/' })
    .profile.engine(lane, direction)
    ?.rules.find(({ id }) => id === 'pii.card');
  return [rule?.action, rule?.tokenizes === true];
}

describe('tokenize', () => {
  test.each<[Lane, Direction, boolean]>([
    ['user', 'request', true],
    ['tool-result', 'request', true],
    ['assistant-history', 'request', true],
    ['output', 'response', false],
    ['tool-arguments', 'response', false],
  ])('in %s of a %s makes tokens: %s', (lane, direction, tokens) => {
    expect(doneIn(withRow('pii.card: {action: tokenize}'), lane, direction)).toEqual(['redact', tokens]);
  });

  it('holds in its lanes alone', () => {
    expect(doneIn(withRow('pii.card: {action: tokenize, lanes: [user]}'), 'document', 'request')).toEqual(['observe', false]);
  });

  it('gives way to redact where a route and an agent differ', () => {
    const policy = loaded(`version: 1
detectors: {pii.card: {action: tokenize}}
profiles: {hard: {set: {pii.card: {action: redact}}}}
agents: {bot: {identify: {mtlsCn: bot}, profile: hard}}
`);
    const { profile } = policy.route({ routeName: undefined, host: '', path: '' });
    const rules = [profile, policy.narrowed(profile, { profile: 'hard' })].map((one) => one.engine('user', 'request')!.rules);
    expect(rules.map((list) => list.find(({ id }) => id === 'pii.card')?.tokenizes)).toEqual([true, undefined]);
  });

  it('shows as a redaction to whoever asks for the action of a rule', () => {
    expect(does(loaded(withRow('pii.card: {action: tokenize}')), 'pii.card')).toBe('high redact');
  });
});

test.each([
  ['in lanes of answers', 'pii.card: {action: tokenize, lanes: [output, reasoning]}', 'its lanes stand in answers alone, where it redacts'],
  [
    'of what an exchange says as a whole',
    'output.refusal: {action: tokenize}',
    'what it finds is no value of a request: it redacts or observes',
  ],
])('lint warns of tokens %s', (_, row, why) => {
  const id = row.split(':')[0]!;
  expect(warningsOf(withRow(row))).toEqual([`p.yaml:3:${id.length + 6}: detectors › ${id} › tokenize makes no tokens here: ${why}`]);
});

test('lint has nothing against tokens in requests', () => {
  expect(warningsOf(withRow('pii.card: {action: tokenize, lanes: [user, output]}'))).toEqual([]);
});
