import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'azure-openai-key',
  family: 'secret',
  summary: 'Azure OpenAI and Azure AI service keys, by the name of the service: 32 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  // learn.microsoft.com/azure/ai-services: two keys a resource; keys of 84 characters see `azure-identifiable-key`.
  pattern: assignment('azure[_ .-]?(?:openai|ai|speech)', '\\b[a-f0-9]{32}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `AZURE_OPENAI_API_KEY=${'87d6'}6d32b863381fe62e53df4ae671ca`,
    `{"azureOpenaiApiKey": "${'49f4'}08c32a6b4d53e2e1c9888dc1afc0"}`,
    `export AZURE_OPENAI_API_KEY='${'097a'}356d14c9fe4275ae716523857120'; make deploy`,
    `azure_openai_api_key: ${'4083'}4761694be2c2d7d12db3226dc672\nregion: eu`,
  ],
  ignores: [
    'AZURE_OPENAI_API_KEY=process.env.AZURE_OPENAI_API_KEY',
    'AZURE_OPENAI_API_KEY=<your Azure OpenAI key>',
    `checksum=${'6e2e'}005f62be3d75c600f0323450c144`,
    'AZURE_OPENAI_API_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Azure OpenAI answered in 120 ms, request ${'e67f'}aa52a34eada4627ad97c8c38c8d7`,
    `azureOpenaiApiKey=${'a14d'}5efcad0e931c1ee5a0391bd89`,
  ],
});
