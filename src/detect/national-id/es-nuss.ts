import { digitsOf } from '../checks/digits.ts';
import { continuesNumber } from '../checks/number-edges.ts';
import { wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['nuss', 'seguridad social', 'afiliacion', 'naf']);

export default detector({
  name: 'es-nuss',
  family: 'pii',
  summary: 'Spanish social security numbers (province, number, key modulo 97) after a context word.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  pattern: /\b[0-6]\d[ /-]?\d{7,8}[ /-]?\d{2}\b/,
  check: isNuss,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['NUSS 28/12345678/40', 'número de la Seguridad Social 281234567840', 'n.º afiliación: 08 12345678 69', '"nuss":"281234567840"'],
  ignores: ['NUSS 28/12345678/41', 'pedido 281234567840', 'NUSS 69/12345678/40', 'at 202411211030', 'nuss 0.281234567840'],
});

/** The check of a candidate (Tesorería General de la Seguridad Social): province and number modulo 97; short numbers lose a zero. */
function isNuss(candidate: string, before: string): boolean {
  const digits = digitsOf(candidate);
  const [province, number] = [digits.slice(0, 2), digits.slice(2, -2)];
  const code = Number(number) < 10_000_000 ? Number(number) + Number(province) * 10_000_000 : Number(province + number);
  const isProvince = Number(province) >= 1 && Number(province) <= 66;
  if (!isProvince || code % 97 !== Number(digits.slice(-2)) || continuesNumber(candidate, before)) return false;
  return true;
}
