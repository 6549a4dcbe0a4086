import { isReference, isStandIn } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'curl-user',
  family: 'secret',
  summary: 'User and password on the command line of curl, wget and httpie; variables, placeholders and a user alone pass.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.85,
  pattern:
    /(?:-[A-Za-z]{0,6}u|-U|--user|--proxy-user|--auth|-a)[\s=]{0,3}["'\\]{0,2}[\w.%+~!*;=&{}-]{0,40}(?:@[\w.-]{1,24})?["']?:["']?[!#-&(-;=?-[\]-~]{2,39}(?:\w\b|[!#-&(-/:;=?@[\]-^{-~])/,
  nearby: ['curl', 'http ', 'https ', 'wget'],
  check: isUserAndPassword,
  references: ['owasp-llm:LLM02:2026', 'cwe:522'],
  finds: [
    `curl -u anna:${'tUlp3'}nfeld9 https://api.example.com`,
    `curl -X POST --user "deploy:${'Zug4'}711x" https://ci.example.com`,
    `curl -u ":${'m4rzip'}an" https://localhost:9200`,
    `curl -k --user anna@example.com:${'B1rken'}wald https://api.example.com`,
    `curl -sSu anna:${'tUlp3'}nfeld9 https://api.example.com`,
    `http -a shop:${'q8Zt3'}LmW5 example.com`,
  ],
  ignores: [
    'curl -u user:password https://example.com',
    'curl -u "$USER:$PASSWORD" https://example.com',
    'curl -u anna https://example.com:8443/path',
    'curl -u <user>:<password> https://example.com',
    'curl --user "{{ user }}:{{ password }}" https://example.com',
    'docker run -u 1000:1000 image',
    'curl -u test:test https://example.com',
    'curl -u ":" https://example.com',
    `curl -u "anna:${'$'}{PASS}" https://example.com`,
  ],
});

/** The check of a candidate: behind the colon stands no variable, and no word of documentation. */
function isUserAndPassword(candidate: string): boolean {
  const colon = candidate.indexOf(':');
  const password = trimmed(candidate.slice(colon + 1));
  const user = candidate.slice(0, colon);
  return !isStandIn(password) && !isReference(password) && !user.endsWith(password) && !user.includes('{{');
}

function trimmed(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && '"\'{'.includes(text[from]!)) from++;
  while (to > from && '"\'},;'.includes(text[to - 1]!)) to--;
  return text.slice(from, to);
}
