import { detector } from '../detector.ts';

export default detector({
  name: 'grafana-token',
  family: 'secret',
  summary: 'Grafana cloud access policy tokens and legacy API keys.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\b(?:glc_eyJ[A-Za-z0-9+/]{30,400}={0,3}|eyJrIjoi[A-Za-z0-9]{60,400}={0,3})/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `export GRAFANA_TOKEN="${'glc_eyJ'}vIjoiMTIzNDU2IiwibiI6InRlc3QiLCJrIjoiYTFiMmMzZDRlNWY2ZzdoOCJ9"`,
    `Authorization: Bearer ${'glc_eyJ'}KT69UdAT+PXWsm4ez2gVTbaaAQrNPj6ZGWpsTWTeVbzix9cyXdOdrGPDlbIlwcXdo7aW4sIMGhSubZkwL2xhTZZ9KZppEQ3MH88mQQS8VCQAV5=`,
    `curl -H "X-Token: ${'eyJrIjoi'}r7Q8DuWRBC1whIUX6kA9fqZ7ugxbUVbK7XZH7I51YPwTEgO6DM5PEl9YvWh8TO8U8RrzOhqLpPWazpKe3L3qzEPag0==" https://api.example.com/v1`,
    `--token ${'glc_eyJ'}2jUnjFfkutoUVk1H1E8fe77/l25ifD/fe2uEqBj7ptfyDCPWeNRY7xwRn5oshCv6YUQh8gKG1M0y5cLTYZVlTaR7Pk --verbose`,
  ],
  ignores: [
    'glc_ is how such a token begins',
    'glc_eyJvIjoi',
    'glc_0000000000000000000000000000000000000000',
    'void GLC_DrawShadowsOfAliasModelsUnderTheSurface(int texture)',
    'eyJrIjoic2hvcnQifQ',
    `x${'glc_eyJ'}vIjoiMTIzNDU2IiwibiI6InRlc3QiLCJrIjoiYTFiMmMzZDRlNWY2ZzdoOCJ9`,
  ],
});
