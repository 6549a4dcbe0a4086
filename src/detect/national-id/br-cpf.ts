import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { weightedSum } from '../checks/weighted-sum.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'br-cpf',
  family: 'pii',
  summary: 'Brazilian personal tax numbers (two check digits modulo 11) with dots and hyphen, bare ones after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  pattern: /\b\d{3}(?:\.\d{3}\.\d{3}-\d{2}|\d{3}\d{3}-?\d{2})\b/,
  check: isCpf,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'CPF 300.640.340-11',
    '701.332.028-52 mora em São Paulo',
    'cpf: 38371075588',
    '"cpf":"655263109-06"',
    'cadastro de pessoa física 44992037755',
  ],
  ignores: ['CPF 300.640.340-12', '123.456.789-00', 'pedido 38371075588', 'cpf 111.111.111-11', 'cpf 00000000000', 'tel 30064034012'],
});

/** The check of a candidate (Receita Federal, IN RFB 2172/2024): each check digit is a weighted sum times ten, modulo 11. */
function isCpf(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  const first = ((weightedSum(digits, FIRST) * 10) % 11) % 10;
  const second = ((weightedSum(digits, SECOND) * 10) % 11) % 10;
  if (first !== Number(digits[9]) || second !== Number(digits[10]) || isOneDigit(digits) || continuesNumber(candidate, before))
    return false;
  return candidate.includes('.') || isNamed(before);
}

const FIRST = [10, 9, 8, 7, 6, 5, 4, 3, 2];
const SECOND = [11, ...FIRST];
const isNamed = wordNearby(['cpf', 'pessoa fisica', 'contribuinte', ...TAX_WORDS]);
