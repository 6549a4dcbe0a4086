import { isPassword, isReference, isStandIn } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'command-password',
  family: 'secret',
  summary: 'Passwords on command lines: sshpass -p, mysql -p, docker login -p, redis-cli -a and openssl pass:.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.82,
  pattern:
    /(?:\b(?:sshpass\s{1,2}-p\s{0,2}|(?:mysql|mysqldump|mariadb|mongosh?|mongodump|rabbitmqadmin|ldapsearch|sqlcmd|smbclient)\s[\w .@:/-]{0,44}\s-(?:p|w|P)\s?|docker\slogin\s[\w .:/-]{0,44}\s-p\s|redis-cli\s[\w .:/-]{0,30}-a\s)|-pass(?:in|out)?\s?pass:)["']?[!#-&(-;=?-[\]-~]{4,40}(?:\w\b|[!#-&*-/:=?@^~])/,
  check: isCommandPassword,
  references: ['owasp-llm:LLM02:2026', 'cwe:214'],
  finds: [
    `sshpass -p '${'tUlp3'}nfeld9' ssh anna@example.com`,
    `mysql -u root -p${'Zug4'}711x shop`,
    `docker login -u bot -p ${'q8Zt3'}LmW5 registry.example.com`,
    `openssl enc -aes-256-cbc -pass pass:${'m4rzip'}an7 -in a`,
    `redis-cli -h cache -a ${'B1rk3n'}wald ping`,
  ],
  ignores: [
    "sshpass -p '$PASSWORD' ssh a@example.com",
    'sshpass -p password ssh a@example.com',
    'mysql -u root -p shop < dump.sql',
    'docker login -u bot --password-stdin',
    'mysql -h db -P 3306 -u root',
    'openssl enc -aes-256-cbc -pass env:SECRET',
    'mysql -u root -psecret shop',
  ],
});

/** The check of a candidate: its last word, which is no plain word: a database's name may follow `-p`, too. */
function isCommandPassword(candidate: string): boolean {
  let from = candidate.length;
  while (from > 0 && !' \t\r\n"\''.includes(candidate[from - 1]!)) from--;
  const word = candidate.slice(from);
  const value = word.startsWith('-p') ? word.slice(2) : word.startsWith('pass:') ? word.slice('pass:'.length) : word;
  return !isStandIn(value) && !isReference(value) && isPassword(value) && !isNumber(value);
}

function isNumber(value: string): boolean {
  for (const character of value) if (character < '0' || character > '9') return false;
  return true;
}
