import { isUrlPassword } from '../checks/url-password.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'url-password',
  family: 'secret',
  summary: 'Web, file and mail URLs with a user and a password; placeholders, defaults of documentation and a user alone pass.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.88,
  pattern:
    /\b(?:https?|ftps?|sftp|ssh|git|svn|smb|smtps?|imaps?|socks[45]?h?|wss?|mqtts?):\/\/[\w.%+~!*;=&-]{0,40}:[!#-&(-.0-;=?A-[\]-~\u00a1-\ud7ff]{3,60}@[A-Za-z0-9[]/i,
  check: isUrlPassword,
  references: ['owasp-llm:LLM02:2026', 'cwe:522'],
  finds: [
    `git clone https://deploy:${'tUlp3'}nfeld9@git.example.com/a.git`,
    `proxy=http://anna:${'Zug4'}711x@10.0.0.8:3128`,
    `ftp://backup:${'m4rzip'}an@files.example.com/daily`,
    `https://${'cafe77'}b1:${'d3ad77'}ee@packages.example.com`,
    `smtp://mailer:${'B1rken'}wald@mail.example.com:587`,
  ],
  ignores: [
    'https://example.com:8443/path@2x.png',
    'https://user:password@example.com',
    'https://user:<token>@example.com/a.git',
    'git clone ssh://git@example.com:2222/a.git',
    `https://oauth2:${'$'}{TOKEN}@gitlab.example.com/a.git`,
    'http://localhost:3000/@scope/package',
    'https://admin:admin@localhost',
    'mailto:anna@example.com',
    'https://example.com/a:b@c',
  ],
});
