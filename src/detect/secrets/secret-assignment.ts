import { OPERATOR } from '../assignment.ts';
import { assignedValue } from '../checks/assigned-value.ts';
import { digitGroups } from '../checks/digits.ts';
import { isKeyMaterial } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

const NAME = '(?:key|secret|token|credentials?|_auth|_creds?)(?:[_-]?(?:value|base64|prod|dev|test|staging|\\d{1,4}))?';
// A longer value is found by its beginning: what is left of it is of no use.
const UNIT = '[A-Za-z0-9+/=_.~!@^-]';
/** `I set the token to …`: its value is the last word. */
const TOLD = '["\'`]? (?:to|as) ["\'`]?';

export default detector({
  name: 'secret-assignment',
  family: 'secret',
  summary: 'Keys, tokens and secrets assigned in code and configuration, random by their letters; public ones, ids and variables pass.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.75,
  pattern: new RegExp(`${NAME}(?:${OPERATOR}|${TOLD})(?:${UNIT}{9,72}(?:[A-Za-z0-9]\\b|[=+/_-])|${UNIT}{76})`, 'i'),
  check: isSecretAssignment,
  references: ['owasp-llm:LLM02:2026', 'cwe:798'],
  finds: [
    `api_key = "${'q8Zt3'}LmW5xR1nB7vK9"`,
    `SECRET_KEY='${'kf83'}jd92lq07xnv5mz1w'`,
    `{"accessToken": "${'Vb4n'}7QwE2rT9yU5iO1pA"}`,
    `  token: ${'3f7868'}50e387550fdab836ed7e6dc881de23001b`,
    `client.set_token("token", "${'Lk8j'}H5gF2dS9aP3oI6uY")`,
    `my api key is ${'q8Zt3'}LmW5xR1nB7vK9Jd`,
    `user_auth: ${'dXNlcj'}pxOFp0M0xtVzV4UjFuQjd2Szk=`,
    `signing_key ?= "${'q8Zt3LmW'.repeat(2)}${'5xR1nB7v'.repeat(12)}"`,
    `token: ${'Zx7'}qL2mV9w`,
    `we set DATADOG_API_KEY to ${'6aa5e651'}c5cdc2b79ae90910dbf7cb5b yesterday`,
    `use the token as '${'Vb4n'}7QwE2rT9yU5iO1pA=='`,
    `some_api_token_123 = "${'6fe447'}6ee5a1832882e326b506d14126"`,
  ],
  ignores: [
    'token: process.env.TOKEN',
    'api_key = os.environ["API_KEY"]',
    `api_key="${'x'.repeat(24)}"`,
    "api_key: 'your-api-key-goes-here-1234'",
    'public_key = "q8Zt3LmW5xR1nB7vK9q8Zt3LmW5xR1nB7vK9"',
    'csrf_token=q8Zt3LmW5xR1nB7vK9q8Zt3LmW5xR1nB7vK9',
    '<input name="authenticity_token="q8Zt3LmW5xR1nB7vK9q8Zt3L"',
    'next_page_token: "q8Zt3LmW5xR1nB7vK9q8Zt3L"',
    'secret_name = "prod-database-credentials-2"',
    'access_token_url: login/oauth2/v2/access_token',
    'credentialsId: "9b2f6f0c-3d52-4a1e-9a53-0b8f6c1d2e7a"',
    'secret: projects/p-1234/secrets/db-main-07/versions/2',
    'secret = getSecretFromVaultOrFail2(name1)',
    `DATABRICKS_TOKEN=${'dapi'}12345`,
    'primary_key: "q8Zt3LmW5xR1nB7vK9q8Zt3L"',
    'key: "q8Zt3LmW5xR1nB7vK9q8Zt3L"',
    'public key: q8Zt3LmW5xR1nB7vK9q8Zt3L',
    'max_tokens: 4096000000000000',
    'token = tokenizer.convert_ids_to_tokens2',
    'token: arn:aws:secretsmanager:eu-west-1:1234:secret1',
    'tokens = response.usage.total_tokens_2024',
    `api_key = "${'foobar7qux'.repeat(3)}12"`,
    `auth_token: this1sn0tasecret${'this1sn0tasecret'}`,
    'rename the token to access_token_2024',
    'set the key to db2-eu-west-1204',
    'add the API key to GitHubActions2024',
    'convert the token to sha256sum2hex',
    'we moved the secret to kubernetes1.29.3-rc1',
  ],
});

/** Tokens that may be seen by anybody, or that say where to go on reading. */
const OPEN = [
  'public',
  'csrf',
  'xsrf',
  'authenticity',
  'page',
  'next',
  'cursor',
  'continuation',
  'sync',
  'cancel',
  'idempoten',
  'cache',
  'pub_',
  'resume',
  'site',
  'primary',
  'foreign',
  'sort',
  'partition',
  'group',
  'object',
];
const NAME_UNITS = 20;
/** Values of vendors whose own detectors know what a right one looks like: a wrong one is a sample. */
const DECIDED = [
  'dapi',
  'xox',
  'ghp_',
  'gho_',
  'ghs_',
  'ghu_',
  'ghr_',
  'github_pat_',
  'glpat-',
  'akia',
  'asia',
  'abia',
  'acca',
  'sk_live_',
  'sk_test_',
  'npm_',
  'pypi-',
  'shpat_',
  'figd_',
  'glsa_',
  'hf_',
  'ntn_',
  'eyj',
  'sha256~',
  'sha256:',
  'whsec_',
  'sntrys_',
  'hvs.',
];

/** What makes a `key` a secret one; so does an identifier that ends with `_key` or `-key`. */
const KEYS = [
  'api',
  'app',
  'access',
  'auth',
  'secret',
  'private',
  'encryption',
  'signing',
  'master',
  'storage',
  'account',
  'license',
  'admin',
];

/** The check of a candidate: what stands before the name and in it does not make it a public one, and the value looks drawn at random. */
function isSecretAssignment(candidate: string, before: string): boolean {
  const value = givenValue(candidate);
  const left = before.slice(-NAME_UNITS).toLowerCase();
  const name = lastWord(left) + candidate.slice(0, candidate.length - value.length).toLowerCase();
  const lower = value.toLowerCase();
  if (OPEN.some((word) => name.includes(word)) || DECIDED.some((prefix) => lower.startsWith(prefix))) return false;
  if (isTold(candidate) && digitGroups(value).length < TOLD_GROUPS_MIN) return false;
  return (!candidate.toLowerCase().startsWith('key') || namesSecretKey(left)) && isKeyMaterial(value);
}

/** Groups of digits that make a word of a sentence no name: `sha256sum2hex` has two. */
const TOLD_GROUPS_MIN = 3;

function givenValue(candidate: string): string {
  if (!isTold(candidate)) return assignedValue(candidate);
  const space = candidate.lastIndexOf(' ');
  return candidate.slice(QUOTES.includes(candidate[space + 1]!) ? space + 2 : space + 1);
}

/** Whether a sentence gives the value: a value has no spaces. */
function isTold(candidate: string): boolean {
  const told = candidate.slice(0, Math.max(0, candidate.lastIndexOf(' '))).toLowerCase();
  return told.endsWith(' to') || told.endsWith(' as');
}

const QUOTES = '"\'`';

/** Whether a lower-case text, up to the word `key`, is about a secret one: `api key`, `signing-key`, `db_key`, `appKey`. */
function namesSecretKey(left: string): boolean {
  const last = left.at(-1) ?? '';
  if (last === '_' || last === '-') return true;
  const word = last === ' ' || last === '.' ? left.slice(0, -1) : left;
  return KEYS.some((key) => word.endsWith(key));
}

function lastWord(text: string): string {
  let at = text.length;
  while (at > 0 && !' \t\r\n"\'`,;({&?'.includes(text[at - 1]!)) at--;
  return text.slice(at);
}
