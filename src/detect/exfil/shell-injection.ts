import { detector } from '../detector.ts';

const NEXT =
  '(?:whoami|id|uname -a|cat /etc/|cat /proc/|ls -la /|wget https?|curl (?:-[a-z]{1,4} ){0,3}https?|nc (?:-[a-z]{1,4} ){0,3}[0-9a-z.-]{1,60} [0-9]|ping -c|sleep [0-9]|rm -rf|sh -i|bash -i|/bin/(?:ba)?sh|python[23]? -c|perl -e|nslookup|touch /tmp/|powershell|ifconfig|net user|type c:)';

export default detector({
  name: 'shell-injection',
  family: 'exfil',
  summary: 'A value of a tool argument with a command behind it: a file name or address followed by ; id, $(whoami), | cat /etc/….',
  tier: 'flag',
  severity: 'high',
  confidence: 0.7,
  pattern: new RegExp(
    [
      `"(?:file|file_?name|path|host|hostname|ip|url|address|domain|name|user|username|id|q|query|target|branch|tag|version|repo|title|city|input|value|email|subject|lang|format|dir|directory)"\\s{0,2}:\\s{0,2}"[^"\\n]{0,120}(?:;|\\||&&|\\|\\||\\n|\\\\n) {0,2}${NEXT}\\b`,
      `"(?:file|file_?name|path|host|hostname|ip|url|address|domain|name|user|username|id|q|query|target|branch|tag|version|repo|title|city|input|value|email|subject|lang|format|dir|directory)"\\s{0,2}:\\s{0,2}"[^"\\n]{0,120}(?:\\$\\(|\`) {0,2}(?:${NEXT}|cat |ls |env\\b|printenv|echo )`,
      '\\$\\{IFS\\}[^\\n]{0,40}(?:/etc/|\\$\\{IFS\\}|/bin/)',
      '(?:;|\\||&&) {0,2}(?:whoami|id|uname -a) {0,2}(?:$|[;|&"\'#])',
      '(?:^|[\\s"\'])(?:--upload-pack|--receive-pack|--exec|--open-files-in-pager|--config-env|-oProxyCommand|--to-command|--checkpoint-action)[= ]["\']?[^\\s"\']{0,40}(?:sh|bash|curl|wget|touch|/)',
    ].join('|'),
    'i',
  ),
  lanes: ['tool-arguments', 'query', 'other'],
  references: ['asi:ASI05', 'cwe:77', 'cwe:78', 'cwe:88'],
  finds: [
    '{"host":"example.com; cat /etc/hosts"}',
    '{"path":"a.txt && curl https://x.example.net"}',
    '{"branch":"$(whoami)"}',
    `cat\${IFS}/etc/hosts`,
    'ping 192.0.2.1; id;',
    'ssh -oProxyCommand=curl x',
  ],
  ignores: [
    '{"command":"npm ci && npm test"}',
    '{"path":"src/a.ts"}',
    '{"query":"cats; dogs"}',
    '{"name":"Smith & Sons"}',
    'a | b',
    '{"title":"How to use curl"}',
  ],
});
