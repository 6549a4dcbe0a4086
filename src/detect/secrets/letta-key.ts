import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'letta-key',
  family: 'secret',
  summary: 'Letta API keys: prefix sk-let- and characters in base64.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  // docs.letta.com/api-reference.
  pattern: /\bsk-let-[A-Za-z0-9+/]{40,110}={0,2}/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `LETTA_API_KEY=${'sk-let-'}e5zUvqqi8joVllLvsCm04xccksOcJ3WZm2HBxp13FhmnMAwsCFgk3sGAIyByEDlZxQgEDvlF2EWn4exLZLPuvx==`,
    `{"token":"${'sk-let-'}Mp138F3Ric5goGOXsqIY3LjjniCLmJijnC1EGhFNACo0RVYTT97hjirkx9f7shubgfUNVUYotAUVwnWyRJ7fCs=="}`,
    `my Letta key is ${'sk-let-'}TJeMOcKYPmex6s2z3JPYj637V8W5EZKJJSvqF34XmAWe3erlq4LgIJGN773hGAQLOUKQ9ujWh6dvGEjMufnFjS==, what do I do with it?`,
    `client = Client('${'sk-let-'}DDGFPzHysSDFGsbA4LwUGziLpq5gpWlVMkGORGMiXWnoK7479Y1AucV0LHpcwAydBgSS7yH56WvGghdIbYeKW5==')`,
  ],
  ignores: [
    `${'sk-let-'}02bl3mf5GzWikYBZ3pPcyD84ED5DV`,
    `${'sk-let-'}00000000000000000000000000000000000000000000000000000000000000000000000000000000000000==`,
    `q${'sk-let-'}9dk6gVsofMIJaRAwEDoAGWOBzkVjpYcQdI93q7DxJITs3Vffvus6yBCrm6AAhVSwxJFOU9TmMdnFnNiB7zkteA==`,
    'a key of Letta begins with sk-let- and is kept in the vault',
    'LETTA_API_KEY=<your Letta key>',
  ],
});
