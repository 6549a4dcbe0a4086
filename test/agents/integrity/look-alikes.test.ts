import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLookAlikes } from '../../../src/agents/integrity/look-alikes.ts';

const PAIRS: readonly (readonly [known: string, asked: string, isAlike: boolean])[] = [
  ['send_mail', 'send_mail', true],
  ['send_mail', 'Send-Mail', true],
  ['send_mail', 'sendmail', true],
  ['send_mail', 'sеnd_mail', true], // a Cyrillic letter
  ['send_mail', 'send_mails', true],
  ['send_mail', 'send_mai1', true],
  ['send_mail', 'end_mail', true],
  ['send_mail', 'sned_mail', false], // two edits
  ['send_mail', 'send_email2', false],
  ['read', 'reads', false], // too short for an edit to mean something
  ['reads', 'readss', false],
  ['search', 'searhc', false],
  ['search', 'searcn', true],
  ['', '', true],
];

const among = (known: readonly string[]) => {
  const names = createLookAlikes();
  for (const name of known) names.add(name);
  return names;
};

describe('names that look alike', () => {
  test.each(PAIRS)('%j and %j: %s', (known, asked, isAlike) => {
    expect(among([known]).of(asked)).toEqual(isAlike ? [known] : []);
  });
  test('the table is whole', () => expect(PAIRS).toHaveLength(14));

  test('the index finds what comparing with every name finds', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '_'), maxLength: 9 });
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), name, (known, asked) => {
        const each = known.filter((one) => among([one]).of(asked).length > 0);
        expect(among(known).of(asked).toSorted()).toEqual(each.toSorted());
      }),
      { numRuns: 500 },
    );
  });

  test('one edit anywhere is found, and one letter more or less', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 7, maxLength: 12 });
    fc.assert(
      fc.property(name, fc.nat(12), fc.constantFrom('', 'x', 'xy'), (known, nat, put) => {
        const at = nat % known.length;
        const asked = `${known.slice(0, at)}${put === 'xy' ? `x${known[at]}` : put}${known.slice(at + 1)}`;
        expect(among([known]).of(asked)).toEqual([known]);
      }),
      { numRuns: 500 },
    );
  });

  test('a name that is added twice is one', () => {
    const names = among(['send_mail', 'send_mail', 'other']);
    expect([names.size, names.of('sendmail')]).toEqual([2, ['send_mail']]);
  });
});
