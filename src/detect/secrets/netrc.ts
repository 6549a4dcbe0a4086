import { isReference, isStandIn } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'netrc',
  family: 'secret',
  summary: 'Lines of .netrc: machine, login and password; placeholders and variables pass.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: /\bmachine\s{1,3}[\w.-]{3,36}\s{1,4}login\s{1,2}[\w.@+-]{1,24}\s{1,4}password\s{1,2}[!-;=?-~]{2,28}(?:\w\b|[!-/:;=?@^~])/,
  check: isNetrc,
  references: ['owasp-llm:LLM02:2026', 'cwe:522'],
  finds: [
    `machine api.example.com login anna password ${'tUlp3'}nfeld9`,
    `machine git.example.com\n  login deploy\n  password ${'Zug4'}711x\n`,
    `machine ftp.example.com login shop password ${'m4rzip'}an!`,
    `cat > ~/.netrc: machine a.example.com login bot password ${'q8Zt3'}LmW5`,
  ],
  ignores: [
    'machine api.example.com login anna password <password>',
    'machine api.example.com login anna password $TOKEN',
    'machine learning needs no login and no password here',
    'machine api.example.com login anna',
    'machine a.example.com login b password password',
    `machine a.example.com login b password ${'x'.repeat(8)}`,
  ],
});

/** The check of a candidate: its last word. */
function isNetrc(candidate: string): boolean {
  let from = candidate.length;
  while (!' \t\r\n'.includes(candidate[from - 1]!)) from--;
  const password = candidate.slice(from);
  return !isStandIn(password) && !isReference(password);
}
