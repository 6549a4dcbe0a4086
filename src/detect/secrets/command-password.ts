import { isPassword, isReference, isStandIn } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'command-password',
  family: 'secret',
  summary:
    'Passwords on command lines: sshpass -p, mysql -p, docker login -p, redis-cli -a, 7z -p, net use, keytool -storepass and openssl pass:.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.82,
  pattern:
    /(?:\b(?:sshpass\s{1,2}-p\s{0,2}|(?:mysql|mysqldump|mariadb|mongosh?|mongodump|rabbitmqadmin|ldapsearch|sqlcmd|smbclient)\s[\w .@:/-]{0,44}\s-(?:p|w|P)\s?|docker\slogin\s[\w .:/-]{0,44}\s-p\s|(?:7za?|rar|unrar|zip)\s[\w .@:/-]{0,44}\s-p|net\suse\s[\w .:\\$-]{0,44}\/user:[\w.\\@-]{1,24}\s|redis-cli\s[\w .:/-]{0,30}-a\s)|-pass(?:in|out)?\s?pass:|-(?:store|key|(?:dest|src)(?:store|key))pass\s)["']?[!#-&(-;=?-[\]-~]{4,40}(?:\w\b|[!#-&*-/:=?@^~])/,
  check: isCommandPassword,
  references: ['owasp-llm:LLM02:2026', 'cwe:214'],
  finds: [
    `keytool -list -keystore k.jks -storepass ${'Zug4'}!711x`,
    `7z x backup.7z -p${'Zug4'}!711x`,
    `net use Z: \\\\fs\\share /user:acme\\bob ${'Zug4'}!711x`,
    `sshpass -p '${'tUlp3'}nfeld9' ssh anna@example.com`,
    `mysql -u root -p${'Zug4'}711x shop`,
    `docker login -u bot -p ${'q8Zt3'}LmW5 registry.example.com`,
    `openssl enc -aes-256-cbc -pass pass:${'m4rzip'}an7 -in a`,
    `redis-cli -h cache -a ${'B1rk3n'}wald ping`,
  ],
  ignores: [
    'keytool -list -keystore k.jks -storepass changeit',
    'keytool -list -keystore k.jks -storepass $STORE_PASS',
    '7z x backup.7z -poutput',
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
