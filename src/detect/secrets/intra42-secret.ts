import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'intra42-secret',
  family: 'secret',
  summary: '42 intra application secrets: s-s4t2ud- or s-s4t2af- and 64 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // api.intra.42.fr/apidoc.
  pattern: /\bs-s4t2(?:ud|af)-[a-f0-9]{64}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export FT_CLIENT_SECRET='${'s-s4t2ud-'}c8f66eb818836bd3630e03d82f5ac12856437ab599f0a59085d7e278af25e118'; make deploy`,
    `{"token":"${'s-s4t2ud-'}84b3477d8cd3b48b7b070edfc7777d57a6540fb226ab6fb60adda4d33583ddee"}`,
    `my 42 intra key is ${'s-s4t2ud-'}37f1136f8bccd22451a1529ac430c4315d434c12fe85f048e88289278b695d01, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'s-s4t2ud-'}d8e25134af7ecff6fcc6f13d43420bfa7852de9ad4ea72005485b9ef51b49e22" https://api.example.org/v1`,
    `${'s-s4t2ud-'}2e843c75e826f5d2d7b1d66e2b06f34b1be023eb9a3aafb5658392a5f3dce377`,
    `secret: ${'s-s4t2af-'}9be322b3ad11160bc3d5348b7453150ee71bb5abba1b3389eb85bf744a8c09ff`,
  ],
  ignores: [
    `${'s-s4t2ud-'}5d2de899700e12760c1de1ead5289102f1144b73c0c824a04049611d386a29a`,
    `${'s-s4t2ud-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'s-s4t2ud-'}04c89e11d65825e117c262433dbc0ffcbda23d587bcb1bdadd49f69d82bd0afa`,
    'tokens of 42 intra begin with s-s4t2ud- and are kept in the vault',
    'FT_CLIENT_SECRET=<your 42 intra key>',
    `uid=${'u-s4t2ud-'}d97e1d5e7a3b2c5f45804fe942af4dd6491059f8a7549c156b19bad951da0def`,
  ],
});
