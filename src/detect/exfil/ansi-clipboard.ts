import { detector } from '../detector.ts';

// What an escape sequence begins with: ESC, also spelled out as `\x1b`, `\u001b`, `\033` and `\e`.
const ESC = '(?:\\u001b|\\\\x1b|\\\\u001b|\\\\033|\\\\e)';

export default detector({
  name: 'ansi-clipboard',
  family: 'exfil',
  summary: 'Terminal sequences that act on who prints them: write the clipboard (OSC 52), answer back, define keys, run commands.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: new RegExp(
    `(?:${ESC}\\]|\\u009d)52;[cpqs0-7]{0,8};[A-Za-z0-9+/?]|(?:${ESC}\\]|\\u009d)(?:50|1337;(?:File|RequestUpload|CopyToClipboard)|5522;)|(?:${ESC}P|\\u0090)(?:\\$q|\\+q|[0-9;]{0,8}\\|)[^\\u001b]{1,60}|(?:${ESC}\\[)[0-9;]{1,12};"[^"\\n]{1,60}"p`,
    'i',
  ),
  lanes: ['output', 'tool-arguments', 'tool-result', 'tool-definition', 'document', 'other'],
  references: ['owasp-llm:LLM05:2026', 'cwe:150'],
  finds: [
    'ok \u001b]52;c;cm0gLXJmIC8=\u0007',
    "printf '\\x1b]52;c;aGVsbG8=\\a'",
    '\u001b]1337;CopyToClipboard=x\u0007',
    '\u001b]50;#1\u0007 font',
    '\u009d52;p;aGVsbG8=\u009c',
  ],
  ignores: [
    '\u001b[31mred\u001b[0m',
    '\u001b[2K\r50%',
    '\u001b]0;window title\u0007',
    'table[52;c]',
    'ESC ]52 writes the clipboard',
    '\u001b]8;;https://example.com\u0007link\u001b]8;;\u0007',
  ],
});
