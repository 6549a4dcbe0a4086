import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'doppler-token',
  family: 'secret',
  summary: 'Doppler tokens: personal, service, service account, CLI, SCIM and audit (dp.…).',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.doppler.com, "Auth token formats".
  pattern: /\bdp\.(?:pt|ct|sa|scim|audit|st\.(?:[a-z0-9_-]{2,35}\.)?)\.?[A-Za-z0-9]{40,44}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `DOPPLER_TOKEN=${'dp.pt.'}FT7XQJkxWR8FVG7Eik0zXBiEZ4pDF48sq2GxcnUAtHv`,
    `{"token":"${'dp.pt.'}5p7iQtktKsDMnzITvmniKkFxB4wI1jVs8OSrIDVf7ob"}`,
    `my Doppler key is ${'dp.pt.'}sr7HQ8kHR8ziKWuPEOk7PrI0BMpPE68ssjfVwQP1lGJ, what do I do with it?`,
    `client = Client("${'dp.pt.'}PG7PQSkPqPYYGMZLtUGHoscBT3NAyuGgsSghgALxkeu")`,
    `${'dp.pt.'}R77aQbkh740hOEayfnQ50O0TOcvEZm43WMFIOAZcVFf`,
    `DOPPLER_TOKEN=${'dp.st.'}prd.${'Yt7J'}Qnk7yEEf68VDzldsUsQkxnKZ7iaS7PHNXrvddIK`,
    `DOPPLER_TOKEN=${'dp.st.'}QU7DQMkmJ6rLuVgmUE3xQhzMoE6g4H1W4dDxGhvRS06`,
  ],
  ignores: [
    `${'dp.pt.'}637VQ2kCX9R94TyGVJRjNjBBZR1iBM`,
    `${'dp.pt.'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'dp.pt.'}Hy7jQ2kyXNtPCP7hViF1dcfaEBwHjRggRaOEaJq5H8o`,
    'tokens of Doppler begin with dp.pt. and are kept in the vault',
    'DOPPLER_TOKEN=<your Doppler key>',
  ],
});
