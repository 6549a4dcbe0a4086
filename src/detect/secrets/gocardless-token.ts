import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'gocardless-token',
  family: 'secret',
  summary: 'GoCardless access tokens, where the service is named.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\b(?:live|sandbox)_[A-Za-z0-9_-]{40,42}/,
  check: looksRandom,
  nearby: ['gocardless', 'gc_'],
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `GOCARDLESS_ACCESS_TOKEN=${'live_'}p4EmlEoThZ1eqD0yb5OKUcA0tnXqYGEtkTHlscAy`,
    `gocardless('${'sandbox_'}BGc_gLjr1RcGqrJ0BiiJU4f8VfARorrrv63ZoZHt')`,
    `our GoCardless token is ${'live_'}LtIPKcRfRYS0CvJS3hAMwfcv5j4dEhhOs3WTmt_V now`,
    `{"gocardless":"${'sandbox_'}uF45gR7UArz2EHhqVA0be3PlBjwadry7hGVjIJEx"}`,
  ],
  ignores: [
    'gocardless live_mode is on',
    'GOCARDLESS_TOKEN=process.env.GOCARDLESS_TOKEN',
    'gocardless_token: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
    'request 9b2f6f0c-3d52-4a1e-9a53-0b8f6c1d2e7a took 12 ms',
    'set GOCARDLESS_TOKEN in the environment first',
  ],
});
