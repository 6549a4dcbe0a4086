import { continuesNumber } from '../checks/number-edges.ts';
import { IDENTITY_WORDS, wordNearby } from '../checks/word-nearby.ts';
import { detector } from '../detector.ts';

const isNamed = wordNearby(['cccd', 'cmnd', 'can cuoc', 'chung minh', 'dinh danh', ...IDENTITY_WORDS]);

export default detector({
  name: 'vn-cccd',
  family: 'pii',
  summary: 'Vietnamese citizen numbers (province, sex and century, year, twelve digits) after a context word.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.88,
  pattern: /\b0\d{2}[0-3]\d{2}\d{6}\b/,
  check: isCccd,
  context: isNamed,
  references: ['owasp-llm:LLM02:2026'],
  finds: ['CCCD 001090012345', 'căn cước công dân: 079195012345', '"cccd":"048300001234"', 'Số CMND 036085004321'],
  ignores: ['CCCD 000090012345', 'đơn hàng 001090012345', 'CCCD 097090012345', 'cccd 0.001090012345', 'cccd 501090012345'],
});

/** The check of a candidate (Decree 137/2015). There is no check digit: provinces are 001–096. */
function isCccd(candidate: string, before: string): boolean {
  const province = Number(candidate.slice(0, 3));
  return province >= 1 && province <= 96 && !continuesNumber(candidate, before);
}
