import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'netlify-legacy-token',
  family: 'secret',
  summary: 'Netlify access tokens from before prefixes, by the name of the service: 42 to 46 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // docs.netlify.com/api.
  pattern: assignment('netlify[\\w .-]{0,12}(?:token|key|secret)', '[A-Za-z0-9_-]{41,45}(?:\\w\\b|-\\B)'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `NETLIFY_AUTH_TOKEN=${'WN7v'}Quk0ISkNZ7Z8tbcFENmr-w6Itb4IQruG6H896pQ`,
    `{"netlifyToken": "${'k77F'}Qik5BDA4OmFZ2kE_hTR_32Md5bjy_oTNeuat7Wz"}`,
    `export NETLIFY_AUTH_TOKEN='${'Bc7D'}QikSAX2fhLtjJG34kqtXMMVTf6pE4cAccjJfEow'; make deploy`,
    `netlify_auth_token: ${'yQ77'}QWk196bvp-Kluulh0vVEYBqwnSepeckE4BUYT0C\nregion: eu`,
  ],
  ignores: [
    'NETLIFY_AUTH_TOKEN=process.env.NETLIFY_AUTH_TOKEN',
    'NETLIFY_AUTH_TOKEN=<your Netlify key>',
    `checksum=${'8d7N'}Q4kGJeSSJRgt7FPhVO2juuWo3kO-TZ5pGqtXbAL`,
    'NETLIFY_AUTH_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Netlify answered in 120 ms, request ${'OY7v'}QLkezJrxRac8xQpUxjoxi0BGNSCWJ6Ej75udafE`,
    `netlifyToken=${'nr7p'}Qlk73Reizc8kSeaXX2XvkDj_5J4W5bh6CcR6`,
  ],
});
