import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'nuget-key',
  family: 'secret',
  summary: 'NuGet API keys: prefix oy2 and 43 lower-case letters and digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.97,
  // learn.microsoft.com/nuget: base 32 in lower case.
  pattern: /\boy2[a-z0-9]{43}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `NUGET_API_KEY="${'oy2'}ax9xlo727uhe83buksyn7bo7mbw4ppyohi9gtpvbf46"`,
    `{"token":"${'oy2'}824b0sjfeaw2dux4ac0g81dw5z9wdky34yljn2vm9xe"}`,
    `my NuGet key is ${'oy2'}vu01bv00s6zgsyhvsy1qhyyxa3icc06mh4trqvfpsve, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'oy2'}35pelckuqbeywb8d7lkyvdo2ran39p08x3bp29c8eb5" https://api.example.org/v1`,
    `${'oy2'}v1zigodkmjdfd2chqiepe25aj64rhxgqq15ckfcs6e5`,
  ],
  ignores: [
    `${'oy2'}l3ifp95cq8bft544t45s3dkdlqd8scro1s7us12ebp`,
    `${'oy2'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'oy2'}grlbnmc0ljmqupo69ww2pozlnvoh66912ll26255byr`,
    'tokens of NuGet begin with oy2 and are kept in the vault',
    'NUGET_API_KEY=<your NuGet key>',
  ],
});
