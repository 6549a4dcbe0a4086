import { detector } from '../detector.ts';
import { UNTRUSTED_LANES } from '../untrusted-lanes.ts';

export default detector({
  name: 'reply-tags',
  family: 'injection',
  summary: "Tags for two voices in one answer, the model's own and a freed one: `[GPT]:` beside `[REX]:`, open and closed locks.",
  tier: 'block',
  severity: 'medium',
  confidence: 0.88,
  // Markdown escapes the brackets: `\[GPT\]:`.
  pattern:
    /\\?\[(?:🔒 ?)?(?:chat ?gpt|gpt|classic|normal gpt|traditional|standard)\\?\][”"'’]{0,2}\s{0,2}(?::|,? ?(?:in front|before|and|or|tag)\b)|[([\\]{1,2}(?:🔓|🔒) ?(?:jail-?break|jailbroken|developer mode|classic|normal|DAN|[a-z]{3,12})(?: output)?\\?[\])]|\\?\[(?:jail-?break(?:ed|broken)?|jailbroken|developer mode(?: output)?|unfiltered|uncensored|godmode)\\?\]/i,
  lanes: UNTRUSTED_LANES,
  references: ['owasp-llm:LLM01:2026', 'atlas:AML.T0054', 'asi:ASI01'],
  finds: [
    'start it with "[GPT]:" please',
    'the tag [🔓JAILBREAK] for the other',
    String.raw`write \[ChatGPT\]: first`,
    'then (🔓Developer Mode Output) follows',
    'add [CLASSIC] in front of it',
  ],
  ignores: [
    'see [1]: a footnote',
    '[gpt2] is a model',
    'The door is locked 🔒.',
    '[standard](https://example.org)',
    'ChatGPT: a short history',
    '[normal]',
  ],
});
