import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'algolia-admin-key',
  family: 'secret',
  summary: 'Algolia admin and write keys, by the name of the service: 32 hexadecimal digits. Search keys are public.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('algolia[\\w .-]{0,8}(?:admin|write|secret|api)[ ._-]?(?:api[ ._-]?)?key', '\\b[0-9a-f]{32}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `ALGOLIA_ADMIN_KEY=${'347c23'}e4e7f4615c8e1bb8101fb4e055`,
    `{"algoliaAdminApiKey": "${'baaccf'}d9dedb4599bdafe7a073de3fd0"}`,
    `Algolia write key is ${'2d122c'}96dec1332378ff9da6d2480e34`,
    `ALGOLIA_ADMIN_KEY = '${'875b30'}befbb121602662105fc3360413'`,
  ],
  ignores: [
    'ALGOLIA_ADMIN_KEY=process.env.ALGOLIA_ADMIN_KEY',
    'ALGOLIA_ADMIN_KEY=<your Algolia key>',
    `checksum=${'a8624a'}adf64fb16c2017f38dbb8f5b2c`,
    `ALGOLIA_ADMIN_KEY=${'x'.repeat(32)}`,
    `Algolia answered in 120 ms, request ${'a8624a'}adf64fb16c2017f38dbb8f5b2c`,
    'algoliaAdminApiKey=bd7cd8f96d483c7',
    `ALGOLIA_SEARCH_KEY=${'3f786850'}e387550fdab836ed7e6dc881`,
  ],
});
