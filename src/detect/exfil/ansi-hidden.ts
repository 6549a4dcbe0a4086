import { detector } from '../detector.ts';

// ECMA-48: control sequence introducer and operating system command, with ESC or as one C1 character.
const CSI = '(?:\\u001b\\[|\\u009b)';
const OSC = '(?:\\u001b\\]|\\u009d)';

export default detector({
  name: 'ansi-hidden',
  family: 'exfil',
  summary: 'Terminal sequences that hide or forge text: concealed letters, same colours, moved cursor, cleared screen, OSC 8 links.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.75,
  pattern: new RegExp(
    [
      // Concealed letters; black on black, white on white; the cursor moved to a place or up; a screen cleared or switched.
      `${CSI}(?:(?:[0-9]{1,3};){0,4}8(?:;[0-9]{1,3}){0,4}m|30;40m|37;47m|97;107m|(?:[0-9]{1,3};[0-9]{1,3})?[Hf]|[0-9]{0,3}[AF]|[23]J|\\?1049h)`,
      // A link under other words; the title of the window.
      `${OSC}(?:8;[^;\\u001b\\u0007]{0,60};[a-z][^\\u001b\\u0007\\n]{1,300}|[02];[^\\u001b\\u0007\\n]{1,200})`,
      '\\u001bc',
    ].join('|'),
  ),
  lanes: ['output', 'tool-arguments', 'tool-definition', 'document', 'other'],
  references: ['owasp-llm:LLM05:2026', 'cwe:150'],
  finds: [
    'see \u001b[8mhidden words\u001b[0m here',
    'ok\u001b[2Jgone',
    '\u001b]8;;https://x.example.net\u0007our bank\u001b]8;;\u0007',
    'line\u001b[1Aother line',
    '\u001b[37;47mwhite on white\u001b[0m',
  ],
  ignores: [
    '\u001b[31mred\u001b[0m',
    '\u001b[1;32mok\u001b[0m',
    '\u001b[38;5;208morange\u001b[0m',
    '[8m is a length',
    'array[2J]',
    '\u001b[Kdone',
  ],
});
