import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'drone-token',
  family: 'secret',
  summary: 'Drone CI tokens and shared secrets, by the name of the service: 32 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.drone.io: user token and DRONE_RPC_SECRET.
  pattern: assignment('drone[\\w .-]{0,10}(?:token|secret)', '\\b[A-Za-z0-9]{32}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `DRONE_TOKEN=${'CD7z'}Q9k2jsQkhdBhXejMDnwEVT9gzU2F`,
    `{"droneToken": "${'p47V'}QkkJQg83u8dQTueQXNHUZccJxp3I"}`,
    `export DRONE_TOKEN='${'wi7Y'}QwklXzdiu29EftLksyLSCyA7xvKb'; make deploy`,
    `drone_token: ${'Ft7W'}QqkXBn1J0YCLH7NPqhqkOYK92waH\nregion: eu`,
    `DRONE_RPC_SECRET=${'ae2d'}c4441416e0897049bc9614cdd2eb`,
  ],
  ignores: [
    'DRONE_TOKEN=process.env.DRONE_TOKEN',
    'DRONE_TOKEN=<your Drone key>',
    `checksum=${'Qz7A'}Qkkzbh4aqaq9BMkgcmccnZJXY6HV`,
    'DRONE_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Drone answered in 120 ms, request ${'nJ76'}QYkg2TAarrtqDvnGMsMVj6qZEDic`,
    `droneToken=${'CE7U'}QEkhABH4BLFnd8UKC6DCLzRzt`,
  ],
});
