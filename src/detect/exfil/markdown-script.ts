import { detector } from '../detector.ts';

export default detector({
  name: 'markdown-script',
  family: 'exfil',
  summary: 'Markdown links and images that run code when clicked: javascript:, vbscript:, data:text/html, SVG with a script.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  pattern: new RegExp(
    [
      '\\]\\([ <]{0,2}(?:javascript:[^\\s)]|vbscript:[^\\s)]|data:(?:text/html|text/javascript|application/(?:javascript|xhtml\\+xml|x-javascript))[;,]|data:image/svg\\+xml;base64,PHN2Z[A-Za-z0-9+/]{0,400}PHNjcmlwd)',
      '\\[[^\\]\\n]{1,60}\\]: {0,3}<?(?:javascript:[^\\s]|vbscript:[^\\s]|data:text/html[;,])',
      '\\bdata:(?:text/html|image/svg\\+xml|application/xhtml\\+xml)(?:;charset=[a-z0-9-]{1,12})?[;,](?:utf8,)?[^\\s"\']{0,200}(?:<|%3c)script',
    ].join('|'),
    'i',
  ),
  lanes: ['output', 'tool-result', 'document', 'other'],
  references: ['owasp-llm:LLM05:2026', 'cwe:79'],
  finds: [
    '[open](javascript:alert(document.domain))',
    '![x](data:text/html;base64,PHNjcmlwdD4=)',
    '[ref]: javascript:fetch(1)',
    'data:image/svg+xml;utf8,<svg><script>run()</script></svg>',
    '[a]( <vbscript:msgbox(1)>)',
  ],
  ignores: [
    '[guide](https://example.com/javascript:intro)',
    '![dot](data:image/png;base64,iVBORw0KGgo=)',
    'The scheme javascript: is not allowed in links.',
    '[javascript](https://example.com)',
    'data:image/svg+xml;utf8,<svg><path d="M0 0"/></svg>',
    'content type text/html; charset=utf-8',
  ],
});
