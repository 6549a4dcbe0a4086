import { describe, expect, test } from 'vitest';
import { LEAKS } from '../../src/detect/leak/index.ts';
import { loaded } from './compiled.ts';

const TOKENS = ['nb-4711-x7', 'Harbour.Light_09'];
const POLICY = loaded(`version: 1\nextends: none\ndetectors:\n  leak.canary: {tokens: [${TOKENS.join(', ')}], action: deny}\n`, {
  catalogue: LEAKS,
});

function foundIn(text: string): readonly string[] {
  const engine = POLICY.route({ routeName: undefined, host: '', path: '' }).profile.engine('output', 'response');
  const scan = engine!.open({ stopAtDenial: false });
  scan.push(text);
  scan.end();
  return scan.takeMatches().map(({ rule }) => rule.id);
}

describe('canaries that a policy lists', () => {
  test.each([
    ['as they are', TOKENS.join(' ')],
    ['in another case', TOKENS.join(' ').toUpperCase()],
    ['with look-alike letters', TOKENS.join(' ').replaceAll('b', 'Ь').replaceAll('o', 'о')],
    ['in base64', TOKENS.map((token) => btoa(`It begins with ${token}, I think.`)).join(' ')],
    ['in signs', TOKENS.map((token) => `("${token}")`).join()],
  ])('are found %s', (_, text) => {
    expect(foundIn(text)).toEqual(['leak.canary', 'leak.canary']);
  });

  test.each(['nb-4711-x8', 'xnb-4711-x7', 'nb-4711-x77', 'HarbourXLight_09'])('are not found in %s', (text) => {
    expect(foundIn(text)).toEqual([]);
  });

  test('are looked for beside those of the built-in form', () => {
    expect(foundIn(['sluice', 'canary', '0f1e2d3c4b5a6978'].join('-'))).toEqual(['leak.canary']);
  });

  test('are not looked for in requests, where they belong', () => {
    const { profile } = POLICY.route({ routeName: undefined, host: '', path: '' });
    expect([profile.engine('system', 'request'), profile.engine('other', 'request')]).toEqual([undefined, undefined]);
  });

  test('make another version of the policy, which does not say them', () => {
    const other = loaded('version: 1\nextends: none\ndetectors:\n  leak.canary: {tokens: [nb-4711-x8], action: deny}\n', {
      catalogue: LEAKS,
    });
    expect(other.version).not.toBe(POLICY.version);
  });
});
