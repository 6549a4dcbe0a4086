import { detector } from '../detector.ts';

export default detector({
  name: 'cover-tracks',
  family: 'exfil',
  summary: 'Commands that remove the record of what was done or look at who else can be reached: cleared history, logs, scans.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.75,
  pattern: new RegExp(
    [
      '\\bhistory {1,2}-[cw]\\b',
      '\\b(?:unset HISTFILE|HISTFILE=/dev/null|HISTSIZE=0|set \\+o history)\\b',
      '(?:\\brm\\b[^\\n;|&]{0,40}|> {0,2}|\\bshred\\b[^\\n;|&]{0,40}|\\btruncate\\b[^\\n;|&]{0,40}|\\bln -sf /dev/null )(?:~/|\\$HOME/|/root/|/home/[a-z0-9_-]{1,32}/)\\.(?:bash|zsh|python|mysql)_history\\b',
      '(?:\\brm\\b[^\\n;|&]{0,40}|> {0,2}|\\bshred\\b[^\\n;|&]{0,40}|\\btruncate\\b[^\\n;|&]{0,40})/var/log/(?:auth|syslog|secure|wtmp|btmp|lastlog|audit|messages|\\*)',
      '\\bwevtutil(?:\\.exe)? {1,2}(?:cl|clear-log)\\b|\\bclear-eventlog\\b',
      '\\bjournalctl\\b[^\\n;|&]{0,20}--vacuum-(?:time|size)[= ](?:1s|0|1[KM]?)\\b',
      '\\bauditctl {1,2}-(?:D|e {0,2}0)\\b',
      '\\b(?:nmap|masscan|zmap|rustscan)\\b[^\\n;|&]{0,60}(?:[0-9]{1,3}\\.){3}[0-9]{1,3}',
      '\\b(?:hydra|medusa|crackmapexec|netexec|responder|sqlmap|msfconsole|msfvenom|metasploit) {1,2}-[a-z]',
    ].join('|'),
    'i',
  ),
  lanes: ['tool-arguments', 'tool-definition', 'other'],
  references: ['asi:ASI05', 'attack:T1070', 'attack:T1046'],
  finds: [
    'history -c && exit',
    'unset HISTFILE',
    'rm -f ~/.bash_history',
    'echo > /var/log/auth.log',
    'nmap -sS 10.0.0.0/24',
    'sqlmap -u https://example.com/?id=1',
  ],
  ignores: [
    'tail -f /var/log/syslog',
    'git log --oneline',
    'history | tail',
    'rm -f build.log',
    'the history of a city',
    'a map of 10 towns',
  ],
});
