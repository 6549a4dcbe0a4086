import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'openai-legacy-key',
  family: 'secret',
  summary: 'OpenAI keys without the marker T3BlbkFJ and session keys, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // Keys that proxies hand out in the shape of early OpenAI keys; `openai-key` finds those with the marker.
  pattern: assignment('openai[\\w .-]{0,8}(?:key|token|secret)', '\\b(?:sk-[A-Za-z0-9]{48}|sess-[A-Za-z0-9]{40})\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `OPENAI_API_KEY=sk-${'9Q7o'}QjkGLIvfLWDZib2OUVwLCBB1sQI8a1sSpo6hjoF1di5H`,
    `{"openaiApiKey": "sk-${'e77k'}Q6k92CG79GIE21uvEuIc95aFxpJ6XZXOYViFPY5mNzFg"}`,
    `export OPENAI_API_KEY='sk-${'Gc7t'}QBk9osR1Bbc4qGDuidwgK6XlMd0l53P64cnECZ0YpKgU'; make deploy`,
    `openai_api_key: sk-${'4w7H'}Q6kxHIrM2AF9g9W5aJkYX9x0VHDqgOI05frLrIwbCEtv\nregion: eu`,
  ],
  ignores: [
    'OPENAI_API_KEY=process.env.OPENAI_API_KEY',
    'OPENAI_API_KEY=<your OpenAI key>',
    `checksum=sk-${'MV7S'}Qxk6fckQVDGc5unjHQJuTbrJWByPBID5yUL1MmL0vj7r`,
    'OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `OpenAI answered in 120 ms, request sk-${'7175'}QykOgkQA9J7nCcKdco4HSNn6KWrLCotoXjV1djPtb9Mo`,
    'openaiApiKey=sk-e9e13f3f38d3010d',
  ],
});
