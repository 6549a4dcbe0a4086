import { assignsPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'windows-account-password',
  family: 'secret',
  summary: 'Passwords on command lines of Windows: net user, net use, schtasks /rp and psexec -p; words and variables pass.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.85,
  pattern:
    /\b(?:net1?(?:\.exe)?\s{1,2}user\s{1,2}[\w.-]{1,24}|net(?:\.exe)?\s{1,2}use\s{1,2}(?:\w:\s{1,2})?\\\\[\w.$\\-]{3,40}|schtasks\s[\w :"\\/.-]{1,40}\s\/rp|psexec\s[\w :"\\/.-]{1,40}\s-p)\s{1,2}["']?[!#-&(-;=?-~]{5,32}(?:\w\b|[!#-&*-/:=?@^~])/i,
  check: isAccountPassword,
  references: ['owasp-llm:LLM02:2026', 'cwe:214'],
  finds: [
    `net user anna ${'tUlp3'}nfeld9! /add`,
    `net use Z: \\\\srv\\share ${'Zug4'}7x11 /user:anna`,
    `schtasks /create /tn job /ru anna /rp ${'m4rzip'}4n!`,
    `psexec \\\\srv -u anna -p ${'B1rk3n'}w4ld cmd`,
  ],
  ignores: [
    'net user anna /domain2x4',
    'net user anna * /add',
    'net user anna %PASSWORD% /add',
    'net user anna password /add',
    'net use Z: \\\\srv\\share /persistent:yes',
    'net user group meeting2024 in May',
  ],
});

/** The check of a candidate: its last word is no switch, no variable and cannot be a name. */
function isAccountPassword(candidate: string): boolean {
  const word = candidate.slice(candidate.lastIndexOf(' ') + 1);
  return !'/%'.includes(word[0]!) && assignsPassword(`=${word}`);
}
