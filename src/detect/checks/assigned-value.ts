import { shannonBits } from './entropy.ts';
import { isPlaceholder } from './placeholder.ts';

/** The value of a match of `assignment`: the text behind its first operator, without opening quotes. */
export function assignedValue(candidate: string): string {
  let start = 0;
  while (start < candidate.length && !OPERATORS.includes(candidate[start]!)) start++;
  if (start === candidate.length) start = candidate.toLowerCase().lastIndexOf(' is') + ' is'.length;
  while (start < candidate.length && BEFORE_VALUE.includes(candidate[start]!)) start++;
  return candidate.slice(start);
}

/** The check of a match of `assignment` whose value its vendor draws at random. The name (`api_key`) must not make a placeholder of it. */
export function assignsRandom(candidate: string): boolean {
  const value = assignedValue(candidate);
  return !isPlaceholder(value) && shannonBits(value) >= BITS_MIN;
}

/** Of random texts of 20 hexadecimal digits 2 in 10,000 have less; `aaaabbbbccccdddd` has 2. */
const BITS_MIN = 2.6;

const OPERATORS = '=:>,?|+';
const BEFORE_VALUE = ' \t\r\n"\'`*(\\=>:,?|+';
