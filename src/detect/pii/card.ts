import { isIssuedCardNumber, issuedNumberPattern } from '../checks/card-network.ts';
import { digitGroups, digitsOf, isFraction } from '../checks/digits.ts';
import { passesLuhn } from '../checks/luhn.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'card',
  family: 'pii',
  summary: 'Payment card numbers of 12–19 digits: Luhn, issuer prefix and length, printed grouping; decimals and order numbers pass.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: new RegExp(`\\b(?:${issuedNumberPattern()})\\b`),
  check: isCard,
  checksum: 'luhn',
  references: ['owasp-llm:LLM02:2026', 'pci-dss:3.5'],
  finds: [
    'pay with 4111 1111 1111 1111 today',
    'card: 4111-1111-1111-1111, thanks',
    '{"number":"4242424242424242"}',
    'pay 2 4111 1111 1111 1111',
    '5555 5555 5555 4444 123 12/29',
    'amex 3782 822463 10005',
    'diners 3056 930902 5904.',
    '6011111111111117',
    'the new range 2223003122003222',
    '19 digits: 6205 5000 0000 0000 004',
    'old visa 4222222222222 still works',
    'Maestro 501800000009',
    'an old JCB card, 1800 427619 50835',
    'name,pan\nx,4242424242424242',
    '1.4111 1111 1111 1111',
  ],
  ignores: [
    'order 4111 1111 1111 1112',
    'build 20240101.123456789',
    'id 550e8400-e29b-41d4-a716-446655440000',
    'uuid 41111111-1111-1111-1111-411111111111',
    'at 1732190400000 ms',
    'logprob -0.4111111111111111',
    'score 12.4242424242424242',
    '4444 4444 4444 4444',
    '0000 0000 0000 0000',
    'account 1234567812345670',
    'order 501900000008',
    'parcel 180142761950834',
    'tracking a4111111111111111b',
    'v4.1.1.1-20241111',
  ],
});

/** The check of a candidate. A fraction (`0.4111…`) has card-like digits too; look at what stands before. */
function isCard(candidate: string, before: string): boolean {
  if (!isIssuedCardNumber(candidate) || !passesLuhn(candidate) || isFraction(candidate, before)) return false;
  return isPrintedGrouping(digitGroups(candidate)) && !isOneDigit(digitsOf(candidate));
}

const PRINTED = ['4,6,5', '4,6,4', '4,4,5', '6,13', '4,4,4,4,3'];

/** Groups of one size, the last possibly shorter, or a layout that cards are printed in. Keeps all-digit UUIDs (8-4-4-4-12) out. */
function isPrintedGrouping(groups: readonly number[]): boolean {
  const [size = 0] = groups;
  const equal = groups.every((group, i) => group === size || (i === groups.length - 1 && group < size));
  return equal || PRINTED.includes(groups.join(','));
}

function isOneDigit(digits: string): boolean {
  return [...digits].every((digit) => digit === digits[0]);
}
