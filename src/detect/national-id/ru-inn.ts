import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['инн', 'INN', 'налогоплательщик', ...TAX_WORDS]);

export default detector({
  name: 'ru-inn',
  family: 'pii',
  summary: 'Russian taxpayer numbers (INN, ten digits, or twelve for people; modulo 11) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\b\d{10}(?:\d{2})?\b/,
  check: isInn,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['ИНН 7939882769', 'инн: 8304930884', 'INN 500100732259', '"inn":"3720283767"', 'ИНН физлица 500100732259'],
  ignores: ['ИНН 7939882768', 'заказ 7939882769', 'at the inn, order 7939882769', 'inn 0000000000', 'ИНН 0.8304930884', 'at 1732190400'],
});

/** The check of a candidate (ФНС): one check digit for companies, two for people. */
function isInn(candidate: string, before: string): boolean {
  const isPerson = candidate.length === 12;
  const rows = isPerson ? PERSON : COMPANY;
  const first = candidate.length - rows.length;
  const isSound = rows.every((weights, i) => (weightedSum(candidate, weights) % 11) % 10 === Number(candidate[first + i]));
  return isSound && !isOneDigit(candidate) && !continuesNumber(candidate, before);
}

const COMPANY = [[2, 4, 10, 3, 5, 9, 4, 6, 8]];
const PERSON = [
  [7, 2, 4, 10, 3, 5, 9, 4, 6, 8],
  [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8],
];
