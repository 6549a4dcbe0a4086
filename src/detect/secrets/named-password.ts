import { assignedValue } from '../checks/assigned-value.ts';
import { assignsPassword, isKeyMaterial } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

// What stands between a name and its value in a pair: `name: X` and `value: Y` of Kubernetes, the same in JSON, `key` and `value` of XML,
// `<key>X</key><string>Y</string>` of property lists.
const PAIRED = '["\']?(?:\\s?,\\s{0,10}["\']?value|\\s{1,12}["\']?value|<\\/key>\\s{0,10}<string)["\']?\\s{0,2}[:=>]\\s{0,2}["\']?';
const VALUE = '[!#-&(-;=?-~]{4,48}(?:\\w\\b|[!#-&(-/:;=?@[^-{}~])';

export default detector({
  name: 'named-password',
  family: 'secret',
  summary: 'Secrets in pairs of a name and a value, as in manifests, NuGet.Config, XML properties and property lists; references pass.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.8,
  pattern: new RegExp(`(?:passwor[dt]|passwd|passphrase|pwd|secret|token|api_?key|access_?key)\\w{0,8}${PAIRED}${VALUE}`, 'i'),
  check: isPairWithSecret,
  references: ['owasp-llm:LLM02:2026', 'cwe:798'],
  finds: [
    `- name: DB_PASSWORD\n  value: "${'tUlp3'}nfeld9"`,
    `{"name": "SMTP_PASSWORD", "value": "${'Zug4'}711x"}`,
    `<add key="ClearTextPassword" value="${'m4rzip'}an!!7" />`,
    `<property name="connection.password" value="${'B1rk3n'}wald"/>`,
    `<key>Password</key>\n\t<string>${'q8Zt3'}LmW5</string>`,
    `- name: API_TOKEN\n  value: ${'q8Zt3'}LmW5xR1nB7vK9`,
  ],
  ignores: [
    '- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: db',
    '- name: DB_PASSWORD\n  value: $(DB_PASS)',
    '<add key="ClearTextPassword" value="%NUGET_PASSWORD%" />',
    '{"name": "password", "value": "<your password>"}',
    '<input name="password" value="">',
    '{"name": "token", "value": "string"}',
    '<key>PasswordPolicy</key>\n<string>strong</string>',
    `<input type="hidden" name="authenticity_token" value="${'q8Zt3L'}mW5xR1nB7vK9">`,
    `<input name="__RequestVerificationToken" value="${'q8Zt3L'}mW5xR1nB7vK9">`,
    '- name: TOKEN_TTL\n  value: "3600s-default"',
  ],
});

/** What forms carry against forgery, for anybody to see. */
const OPEN = ['csrf', 'xsrf', 'authenticity', 'verification', 'public'];
const NAME_UNITS = 20;

/** The check of a candidate: a password behind a name for passwords, key material behind a name for keys. */
function isPairWithSecret(candidate: string, before: string): boolean {
  const lower = candidate.toLowerCase();
  const left = before.slice(-NAME_UNITS).toLowerCase();
  if (OPEN.some((word) => left.includes(word))) return false;
  const pair = candidate.slice(Math.max(lower.indexOf('value'), lower.indexOf('<string') + 1));
  const value = assignedValue(pair);
  if (value.startsWith('%')) return false;
  return lower.startsWith('pass') || lower.startsWith('pwd') ? assignsPassword(pair) : isKeyMaterial(value);
}
