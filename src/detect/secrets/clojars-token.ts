import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'clojars-token',
  family: 'secret',
  summary: 'Clojars deploy tokens: prefix CLOJARS_ and 60 lower-case characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // github.com/clojars, "Deploy tokens".
  pattern: /\bCLOJARS_[a-z0-9]{60}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export CLOJARS_PASSWORD='${'CLOJARS_'}f0498981107fbfe6f3c2a8e1e77fbd54aff3658d99bf0f8491e87a6ea01e'; make deploy`,
    `token: ${'CLOJARS_'}feef2ef9a7c7f077f5ebb3be8fbb6abff8c86908e2efd30b32dc44770f30\nregion: eu`,
    `my Clojars key is ${'CLOJARS_'}e07d303453d1c5a3c8625faf39b4242e56e26294e1f08b86af50cda9541e, what do I do with it?`,
    `client = Client("${'CLOJARS_'}df9ab91c7197190dbcf88a1083b45cbd8c970839fbb687598ee52912d8db")`,
    `(${'CLOJARS_'}55300a996f88d99a8b72d2b3668464ebaabbc3a6aa90b593809c435d9c03)`,
  ],
  ignores: [
    `${'CLOJARS_'}9735927ba29429b1254abe71bf15ad7b0826f7159c34f82c0db02d17317`,
    `${'CLOJARS_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'CLOJARS_'}cba6ce94f2f67d206d330f577a2b27bb231fa9f64028e31c1fdcdf4679ff`,
    'tokens of Clojars begin with CLOJARS_ and are kept in the vault',
    'CLOJARS_PASSWORD=<your Clojars key>',
  ],
});
