import { quotedValue } from '../checks/quoted-value.ts';
import { isPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'ipsec-secret',
  family: 'secret',
  summary: 'Lines of ipsec.secrets and chap-secrets: shared keys and passwords of VPN users; words and placeholders pass.',
  tier: 'block',
  severity: 'high',
  confidence: 0.92,
  pattern: /(?::\s{1,4}(?:PSK|XAUTH|EAP|NTLM)|\b(?:pptpd|l2tpd))\s{1,4}["'][!#-&(-~]{5,60}["']/,
  check: (candidate) => isPassword(quotedValue(candidate)),
  references: ['owasp-llm:LLM02:2026', 'cwe:522'],
  finds: [
    `10.0.0.1 10.0.0.2 : PSK "${'tUlp3'}nfeld9"`,
    `anna : EAP "${'Zug4'}711x"`,
    `anna l2tpd "${'m4rzip'}an!7" *`,
    `%any : PSK '${'B1rk3n'}wald'`,
  ],
  ignores: [': PSK "<key>"', ': RSA server-key.pem', 'anna : EAP "password"', 'PSK stands for "pre-shared key"', ': PSK "$VPN_KEY"'],
});
