import { quotedValue } from '../checks/quoted-value.ts';
import { isPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'secure-string',
  family: 'secret',
  summary: 'Passwords given to ConvertTo-SecureString in PowerShell as plain text; variables pass.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  pattern: /\bConvertTo-SecureString\s{1,2}(?:-AsPlainText\s{1,2})?(?:-Force\s{1,2})?(?:-String\s{1,2})?["'][!#-&(-~]{4,60}["']/i,
  check: (candidate) => isPassword(quotedValue(candidate)),
  references: ['owasp-llm:LLM02:2026', 'cwe:798'],
  finds: [
    `$p = ConvertTo-SecureString "${'tUlp3'}nfeld9!" -AsPlainText -Force`,
    `ConvertTo-SecureString -String '${'Zug4'}711x' -AsPlainText -Force`,
    `New-LocalUser anna -Password (ConvertTo-SecureString '${'m4rzip'}an!7' -AsPlainText -Force)`,
    `convertto-securestring -asplaintext -force "${'B1rk3n'}wald"`,
  ],
  ignores: [
    'ConvertTo-SecureString $password -AsPlainText -Force',
    'ConvertTo-SecureString "$env:PASSWORD" -AsPlainText -Force',
    'ConvertTo-SecureString "password" -AsPlainText -Force',
    "ConvertTo-SecureString '<password>' -AsPlainText",
    'ConvertTo-SecureString turns text into a secure string',
  ],
});
