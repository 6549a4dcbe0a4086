import { detector } from '../detector.ts';

export default detector({
  name: 'encoded-code',
  family: 'exfil',
  summary: 'Code that is decoded and run at once: exec(b64decode(…)), eval(atob(…)), base64 -d | sh, powershell -enc.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.94,
  pattern: new RegExp(
    [
      '\\b(?:exec|eval|os\\.system|os\\.popen|subprocess\\.(?:run|call|popen|check_output))\\( {0,2}(?:compile\\( {0,2})?(?:__import__\\(["\'](?:base64|zlib|codecs|marshal)["\']\\)|base64|codecs|binascii|zlib|marshal|bytes\\.fromhex|bytearray\\.fromhex|b64decode|unhexlify)[.(]',
      '\\b(?:eval|function|settimeout|execscript)\\( {0,2}(?:atob|unescape|decodeuricomponent|buffer\\.from|string\\.fromcharcode)\\(',
      '\\b(?:child_process["\']\\)\\.)?exec(?:sync)?\\( {0,2}(?:atob|buffer\\.from)\\(',
      '\\bbase64 {1,2}(?:-d|-D|--decode)\\b[^\\n|;]{0,80}\\| {0,2}(?:sudo )?(?:/bin/)?(?:ba|z|da)?sh\\b',
      '\\b(?:xxd -r -p|openssl (?:enc )?-?base64 -d)[^\\n|;]{0,80}\\| {0,2}(?:sudo )?(?:/bin/)?(?:ba|z|da)?sh\\b',
      '\\bpowershell(?:\\.exe)?\\b[^\\n;]{0,80}-(?:e|ec|en|enc|enco|encodedcommand) {1,3}[A-Za-z0-9+/=]{16}',
      '\\b(?:eval|assert|system|passthru)\\( {0,2}(?:base64_decode|gzinflate|str_rot13|hex2bin|gzuncompress)\\(',
      '\\b(?:pickle|cpickle|marshal|dill)\\.loads\\( {0,2}(?:base64|codecs|bytes\\.fromhex|b64decode|__import__)',
    ].join('|'),
    'i',
  ),
  lanes: ['tool-arguments', 'tool-definition', 'other'],
  references: ['asi:ASI05', 'attack:T1027', 'attack:T1140', 'cwe:94'],
  finds: [
    "exec(base64.b64decode('cHJpbnQoMSk='))",
    'eval(atob("YWxlcnQoMSk="))',
    'echo aWQ= | base64 -d | bash',
    'powershell -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0A',
    'eval(base64_decode("ZWNobyAxOw=="))',
    'pickle.loads(base64.b64decode(data))',
  ],
  ignores: [
    'data = base64.b64decode(text)',
    'const s = atob(token)',
    'base64 -d < in.txt > out.bin',
    'exec("print(1)")',
    'powershell -File run.ps1',
    'eval(input)',
  ],
});
