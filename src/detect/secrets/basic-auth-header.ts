import { isReference, isStandIn } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'basic-auth-header',
  family: 'secret',
  summary: 'HTTP basic authentication: base64 behind the word Basic that decodes to a user, a colon and a password.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  pattern: /\bbasic\s{1,2}[A-Za-z0-9+/]{7,114}(?:[A-Za-z0-9]\b|[+/])={0,2}/i,
  check: isBasicAuth,
  references: ['owasp-llm:LLM02:2026', 'rfc:7617'],
  finds: [
    `Authorization: Basic ${'YW5uYT'}p0VWxwM25mZWxkOQ==`,
    `curl -H "Authorization: Basic ${'ZGVwbG'}95Olp1ZzQ3MTF4"`,
    `{"authorization":"basic ${'c2hvcD'}ptNHJ6aXBhbg=="}`,
    `headers = {'Authorization': 'Basic ${'OlgxeTJa'}M3c0'}`,
  ],
  ignores: [
    'Authorization: Basic <base64>',
    'Basic understanding of programming',
    `Authorization: Basic ${'dXNlcj'}pwYXNzd29yZA==`,
    'Basic authentication sends user:password',
    'Authorization: Basic $(echo -n user:pass | base64)',
    'BASIC interpreterprogram 10 PRINT',
  ],
});

/** The check of a candidate: printable, a colon in it, and a password behind it that is none of documentation. */
function isBasicAuth(candidate: string): boolean {
  const text = decoded(candidate.slice(candidate.lastIndexOf(' ') + 1));
  const colon = text.indexOf(':');
  if (colon < 0) return false;
  const [user, password] = [text.slice(0, colon), text.slice(colon + 1)];
  return password.length >= 3 && password !== user && !isStandIn(password) && !isReference(password);
}

/** Base64 as text; empty when there are characters in it that nobody types. */
function decoded(base64: string): string {
  const text = Buffer.from(base64, 'base64').toString('latin1');
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x20 || text.charCodeAt(i) > 0x7e) return '';
  return text;
}
