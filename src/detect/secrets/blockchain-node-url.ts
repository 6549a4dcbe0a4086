import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'blockchain-node-url',
  family: 'secret',
  summary: 'Endpoints of Infura, Alchemy, QuickNode, Ankr and Chainstack with the key in their path.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.88,
  pattern:
    /\b(?:infura\.io\/(?:ws\/)?v3\/[0-9a-f]{32}|(?:g\.alchemy\.com|alchemyapi\.io)\/(?:nft\/)?v[23]\/[A-Za-z0-9_-]{31}\w|(?:quiknode\.pro|chainstacklabs\.com|p2pify\.com)\/[0-9a-f]{32,40}|rpc\.ankr\.com\/[a-z_]{2,20}\/[0-9a-f]{64})\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `RPC_URL=https://mainnet.${'infura.io/v3/'}0aea62170be3e7545b1a758ec8f846cf`,
    `wss://sepolia.${'infura.io/ws/v3/'}7faf8e2258b3e7a04c1d9be6f2a35180`,
    `https://eth-mainnet.${'g.alchemy.com/v2/'}q8Zt3LmW5xR1nB7vK9d2LkV78zLx9tQw`,
    `provider("https://polygon-mainnet.${'g.alchemy.com/v2/'}aZ8kQ2rT9vXc4LmN7pWe1Ys6Gh3Jd5Uf")`,
    `https://long-old.${'quiknode.pro/'}3f786850e387550fdab836ed7e6dc881de23001b/`,
  ],
  ignores: [
    'https://mainnet.infura.io/v3/YOUR-PROJECT-ID',
    `https://mainnet.infura.io/v3/${'0'.repeat(32)}`,
    'https://eth-mainnet.g.alchemy.com/v2/your-api-key',
    `https://eth-mainnet.g.alchemy.com/v2/${'$'}{ALCHEMY_KEY}`,
    'see https://docs.infura.io/api/networks/ethereum',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
