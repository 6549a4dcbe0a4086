import { isDigit } from '../checks/digits.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'it-codice-fiscale',
  family: 'pii',
  summary: 'Italian tax codes (16 characters with a check letter, a real month and day), also with letters for digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\b[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]\b/i,
  check: isCodiceFiscale,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'codice fiscale DMLPRY77D15H501F',
    'cf: rssmra85t10a562s',
    'RSSMRA85T10A562S abita a Firenze',
    '"cf":"MRNLCU00A01H501J"',
    'omocodia DMLPRY77D15H50MX',
  ],
  ignores: [
    'codice DMLPRY77D15H501G',
    'DMLPRY77D75H501F',
    'DMLPRY77D00H501F',
    'DMLPRY77F15H501F',
    'token ABCDEF12A34B567C',
    'DMLPRY77D15H501FX',
  ],
});

/** The check of a candidate (D.M. 23 December 1976): values by odd and even place, modulo 26; women's days are 40 higher. */
function isCodiceFiscale(candidate: string): boolean {
  const code = candidate.toUpperCase();
  let sum = 0;
  for (let i = 0; i < 15; i++) sum += i % 2 === 0 ? ODD[placeValue(code[i]!)]! : placeValue(code[i]!);
  const day = (digitAt(code, 9) * 10 + digitAt(code, 10)) % 40;
  return sum % 26 === placeValue(code[15]!) && day >= 1 && day <= 31;
}

/** 0–9 for a digit, 0–25 for a letter. */
function placeValue(character: string): number {
  const unit = character.charCodeAt(0);
  return isDigit(unit) ? unit - 48 : unit - 65;
}

/** The digit at a place, or the one that a letter stands for where two people would have the same code (omocodia). */
function digitAt(code: string, at: number): number {
  return isDigit(code.charCodeAt(at)) ? Number(code[at]) : 'LMNPQRSTUV'.indexOf(code[at]!);
}

const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
