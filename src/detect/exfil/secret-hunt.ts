import { detector } from '../detector.ts';

const WANTED =
  '(?:passwords?|passwd|secrets?|api[_-]?keys?|tokens?|credentials?|private[_ -]key|BEGIN [A-Z ]{0,12}PRIVATE|aws_(?:secret|access)[a-z_]{0,20}|AKIA|ghp_|id_rsa|id_ed25519|wallet|keystore|\\*?\\.(?:pem|p12|pfx|kdbx|key|jks)\\b|\\.env\\b|\\.htpasswd|mnemonic|seed[_ -]phrase)';

export default detector({
  name: 'secret-hunt',
  family: 'exfil',
  summary: 'A command that goes through a machine for secrets: grep for passwords in home folders, find for key files, scanners.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.75,
  pattern: new RegExp(
    [
      `\\b(?:grep|rg|ag|egrep|findstr|select-string)\\b[^\\n|;]{0,80}${WANTED}[^\\n|;]{0,60}[ "'](?:/|~|\\$HOME|/home|/etc|/root|/var|/opt|c:[/\\\\])`,
      `\\b(?:find|fd|locate)\\b[^\\n|;]{0,40}[ "'](?:/|~|\\$HOME|/home|/root|/etc|/Users|/opt)[^\\n|;]{0,120}-(?:i?name|path|regex|iregex)\\b[^\\n|;]{0,80}${WANTED}`,
      '\\b(?:trufflehog|gitleaks|lazagne|mimikatz|sekurlsa|linpeas|winpeas|hashdump|secretsdump)(?:\\.exe|\\.py|\\.sh|::|\\b)',
      '\\bsecurity (?:find|dump)-(?:generic-password|internet-password|keychain)\\b',
      '\\b(?:aws secretsmanager get-secret-value|aws sts get-session-token|gcloud auth print-access-token|az account get-access-token|kubectl get secrets?\\b[^\\n]{0,60}-o|vault kv get|op item get|gpg --export-secret-keys|git credential fill|gh auth token)',
    ].join('|'),
    'i',
  ),
  lanes: ['tool-arguments', 'tool-definition', 'other'],
  references: ['asi:ASI05', 'owasp-llm:LLM02:2026', 'attack:T1552.001', 'attack:T1003'],
  finds: [
    'grep -ri password /home',
    'find / -name "*.pem" -o -name id_rsa',
    'kubectl get secret db -o yaml',
    'gcloud auth print-access-token',
    'run mimikatz.exe now',
    'rg -i api_key ~/',
  ],
  ignores: [
    'grep -n password src/login.ts',
    'find . -name "*.ts"',
    'find / -name core',
    'kubectl get pods -o wide',
    'how to find a wallet',
    'grep token log.txt',
  ],
});
