import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'persona-key',
  family: 'secret',
  summary: 'Persona API keys: persona_, the environment and a UUID.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.withpersona.com/api-keys.
  pattern: /\bpersona_(?:production|sandbox)_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `PERSONA_API_KEY=${'persona_sandbox_'}33f0582e-e935-badc-a367-09d586236aa5`,
    `{"token":"${'persona_production_'}da413701-14a5-80ad-ff63-2b3d48efdc0f"}`,
    `my Persona key is ${'persona_sandbox_'}71962599-4ccf-8809-f121-96d4cb0c51d2, what do I do with it?`,
    `client = Client('${'persona_sandbox_'}6343d730-0bd5-f633-8a39-965b2f42dfb6')`,
  ],
  ignores: [
    `${'persona_production_'}1ea81231-1cd`,
    `${'persona_production_'}00000000-0000-0000-0000-000000000000`,
    `q${'persona_sandbox_'}735584ac-cb55-d3e6-bd21-5bf6e6b4cad3`,
    'a key of Persona begins with persona_production_ and is kept in the vault',
    'PERSONA_API_KEY=<your Persona key>',
  ],
});
