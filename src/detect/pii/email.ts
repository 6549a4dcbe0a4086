import { detector } from '../detector.ts';

// Letters and digits outside ASCII, in ranges: class subtraction (`--`) is not part of the engine's syntax.
const OTHER =
  '\\u00aa\\u00b5\\u00ba\\u00c0-\\u1fff\\u2c00-\\u2dff\\u3005-\\u3007\\u3031-\\ud7ff\\uf900-\\ufdff\\ufe70-\\ufefc\\uff10-\\uff19\\uff21-\\uff3a\\uff41-\\uff5a\\uff66-\\uffdc';
const MARKS = "._%+'~-";
const ANY = `[a-z0-9${MARKS}${OTHER}]`;

// `git@host` names a repository, not a person: every mailbox but that one, 1 to 64 units (RFC 5321, 4.5.3.1.1).
const MAILBOX = [
  `[a-fh-z0-9_${OTHER}]${ANY}{0,63}`,
  `g(?:[a-hj-z0-9${MARKS}${OTHER}]${ANY}{0,62}|i(?:[a-su-z0-9${MARKS}${OTHER}]${ANY}{0,61}|t${ANY}{1,61})?)?`,
].join('|');

// `icon@2x.png` is an image at twice the size: a first label that is not one digit and an x. Some hosts have an underscore, against RFC 1123.
const FIRST_LABEL = `(?:[a-z${OTHER}][a-z0-9${OTHER}_-]{0,62}|\\d(?:[a-wyz0-9${OTHER}-][a-z0-9${OTHER}_-]{0,61}|x[a-z0-9${OTHER}_-]{1,61})?)`;
const LABEL = `[a-z0-9${OTHER}][a-z0-9${OTHER}-]{0,62}`;
const TOP_LABEL = `(?:xn--[a-z0-9-]{2,59}|[a-z${OTHER}]{2,63})`;

export default detector({
  name: 'email',
  family: 'pii',
  summary: 'E-mail addresses, letters of any script; package versions, retina image names and ssh remotes pass.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.97,
  pattern: new RegExp(`\\b(?:${MAILBOX})@${FIRST_LABEL}\\.(?:${LABEL}\\.){0,7}${TOP_LABEL}\\b`, 'i'),
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    'write to jane.doe@example.com today',
    'müller@bank.de',
    'Jane <jane+orders@mail.example.co.uk>',
    "email=o'brien_99@sub-domain.example.org;",
    'MAILTO:SALES@EXAMPLE.COM.',
    'пиши на иван@почта.рф',
    'github@example.com and nothing else',
    'reach me: a@163.com',
    'gi@example.com',
  ],
  ignores: [
    'git clone git@github.com:acme/app.git',
    'npm i react@18.2.0',
    'node_modules/@types/node',
    'url(icon@2x.png)',
    'see user@localhost',
    'meet @ 5.pm',
    'a@b',
    '@example.com',
    'foo@.com',
  ],
});
