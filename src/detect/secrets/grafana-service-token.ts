import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'grafana-service-token',
  family: 'secret',
  summary: 'Grafana service account tokens: glsa_, 32 characters and a checksum of 8 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /\bglsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `GRAFANA_TOKEN=${'glsa_'}r7QyXyUwDNz5evmNP1AZAJjRPijeLuCA_a42f3741`,
    `Authorization: Bearer ${'glsa_'}Q7wE2rT5yU8iO1pA4sD6fG9hJ3kL5zX7_0c9e1f2a`,
    `{"token":"${'glsa_'}Zb1Nc2Md3Le4Kf5Jg6Hh7Gi8Fj9Ek0Dl_9b2f6f0c"}`,
    `grafana: '${'glsa_'}Vb4n7QwE2rT9yU5iO1pALk8jH5gF2dS9_3f786850'`,
  ],
  ignores: [
    'glsa_ is how such a token begins',
    `${'glsa_'}${'x'.repeat(32)}_00000000`,
    `${'glsa_'}r7QyXyUwDNz5evmNP1AZ_a42f3741`,
    `x${'glsa_'}r7QyXyUwDNz5evmNP1AZAJjRPijeLuCA_a42f3741`,
    'GRAFANA_TOKEN=process.env.GRAFANA_TOKEN',
  ],
});
