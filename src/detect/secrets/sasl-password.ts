import { isPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'sasl-password',
  family: 'secret',
  summary: 'Lines of sasl_passwd: a mail server in brackets with its port, a user and a password; words and variables pass.',
  tier: 'block',
  severity: 'high',
  confidence: 0.92,
  // postfix.org, "SASL authentication". It begins behind the host: every bracket could be one.
  pattern: /\]:(?:25|465|587|2525|submission)[ \t]{1,4}[\w.+@-]{1,48}:[!-9;-~]{4,48}(?:\w\b|[!-/;=?@^~])/,
  check: (candidate) => isPassword(candidate.slice(candidate.lastIndexOf(':') + 1)),
  references: ['owasp-llm:LLM02:2026', 'cwe:522'],
  finds: [
    `[smtp.example.com]:587 anna@example.com:${'tUlp3'}nfeld9`,
    `[mail.example.com]:465\tshop:${'Zug4'}711x`,
    `echo "[smtp.example.com]:587 apikey:${'q8Zt3'}LmW5xR1n" > sasl_passwd`,
    `[relay.example.com]:submission app:${'m4rzip'}4n!`,
  ],
  ignores: [
    '[smtp.example.com]:587 user:password',
    '[smtp.example.com]:587',
    'relayhost = [smtp.example.com]:587',
    '[smtp.example.com]:587 $USER:$PASSWORD',
    '[smtp.example.com]:587 https://example.com/a1',
    '[::1]:25 anna:<password>',
  ],
});
