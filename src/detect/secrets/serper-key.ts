import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'serper-key',
  family: 'secret',
  summary: 'Search API keys of Serper and SerpApi, by the name of the service: 40 or 64 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  // serper.dev and serpapi.com.
  pattern: assignment(
    '(?:serper|serpapi|serp_api|brave[_ .-]?search)[\\w .-]{0,8}(?:key|token|secret)',
    '\\b(?:[a-f0-9]{40}|[a-f0-9]{64})\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `SERPER_API_KEY=${'f78c'}b1f7dc06a57a011bb1fc4c9dd1217817d59b`,
    `{"serperApiKey": "${'62e9'}37e177c50ec2dd07c1498bb4bc528a81a5aa"}`,
    `export SERPER_API_KEY='${'2c11'}6de8112e33cd5c6b904018bf310c01e8b5a0'; make deploy`,
    `serper_api_key: ${'9230'}233d8d02e8f08b53be329fec6da86afce550\nregion: eu`,
  ],
  ignores: [
    'SERPER_API_KEY=process.env.SERPER_API_KEY',
    'SERPER_API_KEY=<your Serper key>',
    `checksum=${'20bb'}e17743d11af5a2a54bcaf200dc500083b2ac`,
    'SERPER_API_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Serper answered in 120 ms, request ${'ae72'}384a581e828f2b1234b0f239a0e0d6911850`,
    `serperApiKey=${'f587'}f7198271285238c32680968b0e484d0a4`,
  ],
});
