import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['рнокпп', 'іпн', 'rnokpp', 'ідентифікаційний', 'податков', ...TAX_WORDS]);

export default detector({
  name: 'ua-rnokpp',
  family: 'pii',
  summary: 'Ukrainian taxpayer card numbers (RNOKPP, ten digits, modulo 11) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  pattern: /\b\d{10}\b/,
  check: isRnokpp,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['РНОКПП 2666576507', 'ІПН: 2803230026', 'ідентифікаційний код 3041389458', '"rnokpp":"2090510694"', 'Tax ID 2674402041'],
  ignores: ['РНОКПП 2666576508', 'замовлення 2803230026', 'at 1732190400', 'іпн 0000000000', 'іпн 0.3041389458'],
});

/** The check of a candidate (ДПС): weights −1, 5, 7, 9, 4, 6, 10, 5, 7, modulo 11, modulo 10. */
function isRnokpp(candidate: string, before: string): boolean {
  const rest = ((weightedSum(candidate, WEIGHTS) % 11) + 11) % 11;
  if (rest % 10 !== Number(candidate[9]) || isOneDigit(candidate)) return false;
  return !continuesNumber(candidate, before);
}

const WEIGHTS = [-1, 5, 7, 9, 4, 6, 10, 5, 7];
