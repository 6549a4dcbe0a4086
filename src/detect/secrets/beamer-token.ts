import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'beamer-token',
  family: 'secret',
  summary: 'Beamer API tokens, by the name of the service: b_ and 44 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('beamer[\\w .-]{0,12}(?:token|key)?', '\\bb_[a-z0-9=_-]{44}'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `BEAMER_API_KEY=${'b_o5mj'}xp1k6md28f8t7bnvopmymmjgwhbryda5icv1qywa`,
    `{"beamerToken": "${'b_yrgt'}zd3yhecmv7ld0vuc5svq0y6sripfxs0597dxp177"}`,
    `Beamer key is ${'b_r29n'}mc5vmei8flpoaijbtans3tpoooshvw7v2j2floqv`,
    `BEAMER_API_KEY = '${'b_o8v0'}27z1ot8rulzp9094oph3ilusd71yac4v1jgbz4ew'`,
  ],
  ignores: [
    'BEAMER_API_KEY=process.env.BEAMER_API_KEY',
    'BEAMER_API_KEY=<your Beamer key>',
    `checksum=${'b_9sts'}0iy5acz1q541jdc7ylquq82conavtrngvc6v6mlz`,
    `BEAMER_API_KEY=${'x'.repeat(46)}`,
    `Beamer answered in 120 ms, request ${'b_9sts'}0iy5acz1q541jdc7ylquq82conavtrngvc6v6mlz`,
    'beamerToken=b_rc3230htwe1uqbni853i',
  ],
});
