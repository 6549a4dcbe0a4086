import { detector } from '../detector.ts';

export default detector({
  name: 'grafana-token',
  family: 'secret',
  summary: 'Grafana service account, cloud access policy and legacy API tokens.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\b(?:glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}|glc_eyJ[A-Za-z0-9+/]{30,400}={0,3}|eyJrIjoi[A-Za-z0-9]{60,400}={0,3})/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `export GRAFANA_TOKEN="${'glsa_'}r7QyXyUwDNz5evmNP1AZAJjRPijeLuCA_a42f3741"`,
    `Authorization: Bearer ${'glc_eyJ'}KT69UdAT+PXWsm4ez2gVTbaaAQrNPj6ZGWpsTWTeVbzix9cyXdOdrGPDlbIlwcXdo7aW4sIMGhSubZkwL2xhTZZ9KZppEQ3MH88mQQS8VCQAV5=`,
    `curl -H "X-Token: ${'eyJrIjoi'}r7Q8DuWRBC1whIUX6kA9fqZ7ugxbUVbK7XZH7I51YPwTEgO6DM5PEl9YvWh8TO8U8RrzOhqLpPWazpKe3L3qzEPag0==" https://api.example.com/v1`,
    `--token ${'glc_eyJ'}2jUnjFfkutoUVk1H1E8fe77/l25ifD/fe2uEqBj7ptfyDCPWeNRY7xwRn5oshCv6YUQh8gKG1M0y5cLTYZVlTaR7Pk --verbose`,
  ],
  ignores: [
    `${'glsa_'}r7QZb87gO`,
    `x${'glsa_'}r7QZb87gOfmfwgmz7BsL1GfHnxBgI5Mi_b4de4a59`,
    'glsa_ is how such a token begins',
    'glsa_XXXX',
    'glc_111111111111111111111111111111111111',
    'GLC_StateBeginUnderwaterAliasModelCaustics',
  ],
});
