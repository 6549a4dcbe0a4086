import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'blockchain-node-key',
  family: 'secret',
  summary: 'Keys of Infura, Alchemy, Etherscan, QuickNode and Moralis, by the name of the service.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.87,
  pattern: assignment(
    '(?:infura|alchemy|etherscan|polygonscan|bscscan|quicknode|moralis)[\\w .-]{0,16}(?:key|secret|token|project[ ._-]?id)',
    '\\b(?:[0-9a-f]{32}|[A-Z0-9]{34}|[A-Za-z0-9_-]{32})\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `INFURA_API_KEY=${'7b3349'}993003e85be8071ddfd77866f5`,
    `{"alchemyApiKey": "${'16d941'}3aa9b80ae6bcfad6ab7995b9ed"}`,
    `Etherscan API key is ${'075df2'}61a0de9150c9553479e6ef96c2`,
    `INFURA_API_KEY = '${'df6572'}196b562311fb10dfb4b8c3a423'`,
  ],
  ignores: [
    'INFURA_API_KEY=process.env.INFURA_API_KEY',
    'INFURA_API_KEY=<your Infura key>',
    `checksum=${'0aea62'}170be3e7545b1a758ec8f846cf`,
    `INFURA_API_KEY=${'x'.repeat(32)}`,
    `Infura answered in 120 ms, request ${'0aea62'}170be3e7545b1a758ec8f846cf`,
    'alchemyApiKey=7faf8e2258b3e7a',
  ],
});
