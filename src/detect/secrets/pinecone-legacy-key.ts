import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'pinecone-legacy-key',
  family: 'secret',
  summary: 'Pinecone API keys from before prefixes, by the name of the service: a UUID.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.pinecone.io, keys until 2024.
  pattern: assignment(
    'pinecone[\\w .-]{0,12}(?:key|token|secret|auth|pass|pat\\b|credential)',
    '\\b[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `PINECONE_API_KEY=${'8587'}66fd-a3c9-464e-af6c-e30d1b26a4b5`,
    `{"pineconeApiKey": "${'82a3'}acb3-5428-46fa-afed-be7bddcfb663"}`,
    `export PINECONE_API_KEY='${'3eef'}90ce-b970-48f6-ab86-004fb64e00bd'; make deploy`,
    `pinecone_api_key: ${'564b'}07b2-c336-4231-ab97-e7959899cda7\nregion: eu`,
  ],
  ignores: [
    'PINECONE_API_KEY=process.env.PINECONE_API_KEY',
    'PINECONE_API_KEY=<your Pinecone key>',
    `checksum=${'ae56'}44b7-7613-4943-a473-ffeaaabb858b`,
    'PINECONE_API_KEY=00000000-0000-0000-0000-000000000000',
    `Pinecone answered in 120 ms, request ${'fa59'}9e04-aee3-4baa-ade5-0159f502b9e4`,
    'pineconeApiKey=c040ea30-ea4e-4abc-8abc-591b4c4da5',
  ],
});
