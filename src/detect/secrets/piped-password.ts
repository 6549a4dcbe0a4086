import { isPassword } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'piped-password',
  family: 'secret',
  summary: 'Passwords that echo gives to sudo -S, chpasswd, passwd --stdin and docker login; variables and words pass.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.87,
  pattern:
    /\becho\s(?:-n\s)?["']?[!#-&(-;=?-{}~]{4,56}["']?\s{0,2}\|\s{0,2}(?:sudo\s(?:-k\s)?-S|(?:sudo\s)?(?:chpasswd|passwd\s--stdin|smbpasswd|docker\slogin|helm\sregistry\slogin|gh\sauth\slogin|cryptsetup))\b/,
  check: (candidate) => isPassword(echoed(candidate)),
  references: ['owasp-llm:LLM02:2026', 'cwe:214'],
  finds: [
    `echo ${'tUlp3'}nfeld9 | sudo -S ls`,
    `echo "anna:${'Zug4'}711x" | chpasswd`,
    `echo '${'m4rzip'}an!7' | passwd --stdin anna`,
    `echo -n "${'q8Zt3'}LmW5" | docker login -u bot --password-stdin`,
  ],
  ignores: [
    'echo "$PASSWORD" | sudo -S ls',
    'echo password | sudo -S ls',
    'echo "anna:$PASS" | chpasswd',
    'echo <password> | docker login --password-stdin',
    'echo hello2you3 | grep hello',
    `echo ${'$'}{TOKEN} | docker login --password-stdin`,
  ],
});

/** What the command writes, without its quotes and without the user before a colon. */
function echoed(candidate: string): string {
  const words = candidate.slice(0, candidate.indexOf('|')).trim();
  let from = words.lastIndexOf(' ') + 1;
  if ('"\''.includes(words[from]!)) from++;
  const end = '"\''.includes(words[words.length - 1]!) ? words.length - 1 : words.length;
  return words.slice(Math.max(from, words.indexOf(':', from) + 1), end);
}
