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

describe('names that look alike', () => {
  test.each(PAIRS)('%j and %j: %s', (known, asked, isAlike) => {
    expect(createLookAlikes([known], (name) => name)(asked)).toEqual(isAlike ? [known] : []);
  });
  test('the table is whole', () => expect(PAIRS).toHaveLength(14));

  test('the index finds what comparing with every name finds', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '_'), maxLength: 9 });
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), name, (known, asked) => {
        const each = known.filter((one) => createLookAlikes([one], (text) => text)(asked).length > 0);
        expect(createLookAlikes(known, (text) => text)(asked).toSorted()).toEqual(each.toSorted());
      }),
      { numRuns: 500 },
    );
  });
});
