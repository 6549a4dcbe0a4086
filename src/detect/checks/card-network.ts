import { countDigits, leadingDigits } from './digits.ts';

/**
 * Whether the digits of a number have a prefix that a payment network issues, at a length it issues it with. Without this, every tenth
 * order number of 12 to 19 digits would be a card.
 */
export function isIssuedCardNumber(number: string): boolean {
  const lengths = ISSUED_LENGTHS[leadingDigits(number, PREFIX_DIGITS)]!;
  return lengths !== 0 && ((lengths >> countDigits(number)) & 1) === 1;
}

interface IssuerRange {
  /** First and last prefix; both have the same number of digits. */
  readonly from: number;
  readonly to: number;
  readonly lengths: readonly number[];
}

const UP_TO_19 = [16, 17, 18, 19];
const FROM_12 = [12, 13, 14, 15, ...UP_TO_19];

/** Issuer ranges as the networks publish them (binlists of Visa, Mastercard, American Express, Discover, JCB, UnionPay, Mir, NPCI, Troy). */
const NETWORKS: readonly IssuerRange[] = [
  { from: 4, to: 4, lengths: [13, 16, 19] }, // Visa
  { from: 51, to: 55, lengths: [16] }, // Mastercard
  { from: 2221, to: 2720, lengths: [16] }, // Mastercard since 2017
  { from: 34, to: 34, lengths: [15] }, // American Express
  { from: 37, to: 37, lengths: [15] },
  { from: 300, to: 305, lengths: [14] }, // Diners Club
  { from: 3095, to: 3095, lengths: [14] },
  { from: 36, to: 36, lengths: [14] },
  { from: 38, to: 39, lengths: [14] },
  { from: 6011, to: 6011, lengths: UP_TO_19 }, // Discover
  { from: 644, to: 659, lengths: UP_TO_19 },
  { from: 3528, to: 3589, lengths: UP_TO_19 }, // JCB
  { from: 1800, to: 1800, lengths: [15] },
  { from: 2131, to: 2131, lengths: [15] },
  { from: 62, to: 62, lengths: UP_TO_19 }, // UnionPay
  { from: 2200, to: 2204, lengths: UP_TO_19 }, // Mir
  { from: 5018, to: 5018, lengths: FROM_12 }, // Maestro
  { from: 5020, to: 5020, lengths: FROM_12 },
  { from: 5038, to: 5038, lengths: FROM_12 },
  { from: 5893, to: 5893, lengths: FROM_12 },
  { from: 6304, to: 6304, lengths: FROM_12 },
  { from: 6759, to: 6763, lengths: FROM_12 },
  { from: 6764, to: 6769, lengths: UP_TO_19 },
  { from: 5019, to: 5019, lengths: [16] }, // Dankort
  { from: 5060, to: 5099, lengths: [16, 18, 19] }, // Verve, Elo, RuPay
  { from: 6062, to: 6062, lengths: [16] }, // Hipercard
  { from: 6069, to: 6085, lengths: [16] }, // RuPay
  { from: 817, to: 820, lengths: [16] },
  { from: 9792, to: 9792, lengths: [16] }, // Troy
];

const PREFIX_DIGITS = 4;

/** For each prefix of four digits, the lengths that are issued: bit 16 for numbers of 16 digits. */
const ISSUED_LENGTHS = new Uint32Array(10 ** PREFIX_DIGITS);
for (const { from, to, lengths } of NETWORKS) {
  const unit = 10 ** (PREFIX_DIGITS - String(from).length);
  for (let prefix = from * unit; prefix < (to + 1) * unit; prefix++) for (const length of lengths) ISSUED_LENGTHS[prefix]! |= 1 << length;
}

/**
 * Source of a pattern for numbers with or without a space or hyphen between digits: for each length, the first two digits that it is issued
 * with. What `isIssuedCardNumber` refuses for its length is then hardly ever a candidate.
 */
export function issuedNumberPattern(): string {
  return [...new Set(NETWORKS.flatMap(({ lengths }) => lengths))]
    .map((length) => `(?:${prefixesOf(length).join('|')})(?:[ -]?\\d){${length - 2}}`)
    .join('|');
}

/** Patterns for the first two digits of numbers of one length, by the first. */
function prefixesOf(length: number): string[] {
  const digits = [...'0123456789'];
  return digits.flatMap((first) => {
    const seconds = digits.filter((second) => isIssuedWith(Number(first + second), length));
    return seconds.length === 0 ? [] : [`${first}[ -]?[${seconds.join('')}]`];
  });
}

/** Whether numbers of a length are issued with these two first digits. */
function isIssuedWith(firstTwo: number, length: number): boolean {
  const unit = 10 ** (PREFIX_DIGITS - 2);
  for (let prefix = firstTwo * unit; prefix < (firstTwo + 1) * unit; prefix++) if ((ISSUED_LENGTHS[prefix]! >> length) & 1) return true;
  return false;
}
