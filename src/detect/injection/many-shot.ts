import { detector } from '../detector.ts';
import { UNTRUSTED_LANES } from '../untrusted-lanes.ts';

const ASK = '(?:user|human|person|customer|question|prompt)';
const ANSWER = '(?:assistant|ai|bot|chat ?gpt|gpt|claude|model|answer|response|llm)';
const TURN = `[>*#\\[ -]{0,4}${ASK} ?\\d{0,3}[\\]*]{0,3} ?:[^\\n]{1,110}\\n{1,3}[>*#\\[ -]{0,4}${ANSWER} ?\\d{0,3}[\\]*]{0,3} ?:[^\\n]{1,240}`;

export default detector({
  name: 'many-shot',
  family: 'injection',
  summary: 'Five or more made-up turns of a dialogue inside one text, question and answer by turns: the shape of a many-shot attack.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.6,
  // Anthropic, "Many-shot jailbreaking" (2024): success grows with the number of faked turns, five being where it is measurable.
  pattern: new RegExp(
    `\\b(?:user|human|person|customer|question|prompt) ?\\d{0,3}[\\]*]{0,3} ?:[^\\n]{1,110}\\n{1,3}[>*#\\[ -]{0,4}${ANSWER} ?\\d{0,3}[\\]*]{0,3} ?:[^\\n]{1,240}(?:\\n{1,3}${TURN}){4}`,
    'i',
  ),
  lanes: UNTRUSTED_LANES,
  references: ['owasp-llm:LLM01:2026', 'atlas:AML.T0054'],
  finds: [
    'Human: a?\nAI: b\nHuman: c?\nAI: d\nHuman: e?\nAI: f\nHuman: g?\nAI: h\nHuman: i?\nAI: j',
    'User: a\nAssistant: b\n\nUser: a\nAssistant: b\n\nUser: a\nAssistant: b\n\nUser: a\nAssistant: b\n\nUser: a\nAssistant: b',
    'Question 1: a\nAnswer 1: b\nQuestion 2: a\nAnswer 2: b\nQuestion 3: a\nAnswer 3: b\nQuestion 4: a\nAnswer 4: b\nQuestion 5: a\nAnswer 5: b',
    '**User**: a\n**Bot**: b\n**User**: a\n**Bot**: b\n**User**: a\n**Bot**: b\n**User**: a\n**Bot**: b\n**User**: a\n**Bot**: b',
  ],
  ignores: [
    'Human: a?\nAI: b\nHuman: c?\nAI: d',
    'User: admin\nPassword: none',
    'Question: what is it? Answer: a cat.',
    'human: the film',
    'Model: A3\nYear: 2012\nPrice: low',
  ],
});
