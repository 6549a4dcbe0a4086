import { isKeyMaterial, isPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

/** What the names of secrets have in them. */
const SECRET = '(?:key|secret|token|passw(?:or)?d|pass|pwd|credentials?)';
// A longer value is found by its beginning.
const UNIT = '[!#-%(-:=?-[\\]-_a-z|~]';
const VALUE = `(?:${UNIT}{5,43}(?:\\w\\b|[!#-%*-/:=?@^~])|${UNIT}{45})`;

export default detector({
  name: 'command-setting',
  family: 'secret',
  summary: 'Secrets given by name and value to setx, gh secret set, ENV of Dockerfiles, aws configure set, npm config set and their like.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.82,
  // Between name and value stands a space or an option, no operator; case is that of the tools.
  pattern: new RegExp(
    `\\b(?:setx|gh secret set|gh variable set|ENV|ARG|aws configure set|(?:npm|yarn|pnpm) config set|pulumi config set(?: --secret)?|firebase functions:config:set|wrangler secret put|fly secrets set|doppler secrets set)\\s[\\w.:/@-]{0,24}(?i:${SECRET})[\\w.]{0,8}\\s(?:--body |-b )?["']?${VALUE}`,
  ),
  check: isSecretSetting,
  references: ['owasp-llm:LLM02:2026', 'cwe:214'],
  finds: [
    `setx SMTP_PASS "${'Zug4'}!711x"`,
    `gh secret set DEPLOY_KEY --body "${'q8Zt3LmW5x'}R1nB7vK9"`,
    `ENV CODECOV_TOKEN ${'9b2f6f0c'}3d524a1e9a530b8f6c1d2e7a`,
    `npm config set //npm.example.com/:_authToken ${'aZ8kQ2rT9v'}Xc4LmN7pWe`,
    `pulumi config set --secret dbPassword ${'tUlp3'}nfeld!9`,
  ],
  ignores: [
    'setx API_KEY "%API_KEY%"',
    'gh secret set DEPLOY_KEY --body "$DEPLOY_KEY"',
    'gh secret set DEPLOY_KEY --repo acme/web-shop-2',
    'ENV TOKEN_FILE /run/secrets/token',
    'ENV SECRET_NAME production-database',
    'npm config set key value',
    'setx PATH "C:\\\\Program Files (x86)\\\\Tool 2"',
    'ENV API_KEY changeme',
  ],
});

/** The check of a candidate: its last word is a key, or a password with a symbol where the name says so. */
function isSecretSetting(candidate: string): boolean {
  let from = candidate.length;
  while (from > 0 && !' \t\r\n"\''.includes(candidate[from - 1]!)) from--;
  const value = candidate.slice(from);
  if (value.startsWith('-')) return false;
  const name = candidate.slice(0, from).toLowerCase();
  return isKeyMaterial(value) || ((name.includes('pass') || name.includes('pwd')) && hasSymbol(value) && isPassword(value));
}

function hasSymbol(value: string): boolean {
  for (const character of value) if ('!#$%&*+=?@^~'.includes(character)) return true;
  return false;
}
