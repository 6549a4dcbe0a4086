import { isPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'samba-user',
  family: 'secret',
  summary: 'User and password with a percent sign between them behind -U of smbclient, rpcclient and winexe; words pass.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.85,
  pattern: /(?:-U|--user=?)\s?["']?[\w.\\/-]{1,32}%[!#-&(-~]{4,32}(?:\w\b|[!#-&*-/:;=?@^~])/,
  nearby: ['smbclient', 'rpcclient', 'winexe', 'smbget', 'smbmap', 'net '],
  check: (candidate) => isPassword(candidate.slice(candidate.indexOf('%') + 1)),
  references: ['owasp-llm:LLM02:2026', 'cwe:214'],
  finds: [
    `smbclient //srv/share -U anna%${'tUlp3'}nfeld9`,
    `rpcclient -U "CORP\\anna%${'Zug4'}711x" srv`,
    `net ads join -U admin%${'m4rzip'}an!7`,
    `winexe -U CORP/anna%${'B1rk3n'}wald //srv cmd`,
  ],
  ignores: [
    'smbclient //srv/share -U anna',
    'smbclient //srv/share -U anna%password',
    'smbclient //srv/share -U anna%$PASSWORD',
    'smbclient //srv/share -U anna%<password>',
    'psql -U anna%tUlp3nfeld9',
  ],
});
