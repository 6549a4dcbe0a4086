import { continuesNumber } from '../checks/number-edges.ts';
import { isOneDigit } from '../checks/one-digit.ts';
import { TAX_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'br-cnpj',
  family: 'pii',
  summary:
    'Brazilian company numbers, with letters too since 2026 (two check digits modulo 11), formatted, bare ones after a context word.',
  tier: 'block',
  severity: 'low',
  confidence: 0.95,
  pattern: /\b[A-Z0-9]{2}(?:\.[A-Z0-9]{3}\.[A-Z0-9]{3}\/[A-Z0-9]{4}-|[A-Z0-9]{10}-?)\d{2}\b/i,
  check: isCnpj,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'CNPJ 88.254.512/0001-25',
    'fornecedor 87.490.099/0001-35',
    'cnpj: 59840490000187',
    '"cnpj":"12ABC34501DE35"',
    'empresa 71.895.934/0001-87 Ltda',
  ],
  ignores: [
    'CNPJ 88.254.512/0001-26',
    'pedido 59840490000187',
    'at 20241121103000',
    'cnpj 00000000000000',
    'cnpj: 12ABC34501DE34',
    '12.345.678/0001-00',
  ],
});

/** The check of a candidate (Receita Federal, IN RFB 2229/2024): a letter counts as its ASCII code less 48. */
function isCnpj(candidate: string, before: string): boolean {
  const code = alphanumericsOf(candidate.toUpperCase());
  const isSound = checkDigit(code.slice(0, 12)) === Number(code[12]) && checkDigit(code.slice(0, 13)) === Number(code[13]);
  if (!isSound || isOneDigit(code) || continuesNumber(candidate, before)) return false;
  return candidate.includes('/') || isNamed(before);
}

function alphanumericsOf(text: string): string {
  return text.replaceAll('.', '').replaceAll('/', '').replaceAll('-', '');
}

/** Weights 2 to 9 from the right, and again. */
function checkDigit(code: string): number {
  let sum = 0;
  for (let i = 0; i < code.length; i++) sum += (code.charCodeAt(code.length - 1 - i) - 48) * (2 + (i % 8));
  return sum % 11 < 2 ? 0 : 11 - (sum % 11);
}

const isNamed = wordNearby(['cnpj', 'pessoa juridica', 'contribuinte', ...TAX_WORDS]);
