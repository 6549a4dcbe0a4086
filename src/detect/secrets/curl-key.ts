import { isKeyMaterial } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'curl-key',
  family: 'secret',
  summary: 'Keys given to curl as the user of basic authentication, with a colon and no password behind them.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.85,
  pattern: /(?:-[A-Za-z]{0,6}u|--user)[\s=]{0,3}["']?[!#-&(-9;=?-[\]-~]{12,80}:["']?[\s\\]/,
  nearby: ['curl', 'http '],
  check: isKeyAsUser,
  references: ['owasp-llm:LLM02:2026', 'cwe:522'],
  finds: [
    `curl -u ${'q8Zt3L'}mW5xR1nB7v: https://api.example.com/v1`,
    `curl https://api.example.com/v1 -u "${'d2LkV7'}8zLx9tQw:" -d a=1`,
    `curl --user '${'kf83jd'}92lq07xnv5mz1w:' https://api.example.com`,
    `curl -u${'Vb4n7Q'}wE2rT9yU5iO1: https://example.com`,
    `curl -su ${'Vb4n7Q'}wE2rT9yU5iO1: https://example.com`,
  ],
  ignores: [
    'curl -u $API_KEY_2024_V2: https://api.example.com',
    'curl -u <your-key>: https://api.example.com',
    'curl -u YOUR_API_KEY_12: https://api.example.com',
    'curl -u service-account-name: https://api.example.com',
    'curl -u anna: https://api.example.com',
    'docker run -u q8Zt3LmW5xR1nB7v: image',
  ],
});

/** The check of a candidate: what stands in place of the user was drawn at random. */
function isKeyAsUser(candidate: string): boolean {
  const colon = candidate.lastIndexOf(':');
  let from = colon;
  while (from > 0 && !' \t\r\n"\'='.includes(candidate[from - 1]!)) from--;
  return isKeyMaterial(candidate.slice(from, colon));
}
