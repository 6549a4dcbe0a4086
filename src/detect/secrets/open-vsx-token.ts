import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'open-vsx-token',
  family: 'secret',
  summary: 'Open VSX access tokens: ovsxat_ or ovsxp_ and a UUID.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // open-vsx.org wiki, "Publishing extensions".
  pattern: /\bovsx(?:at|p)_[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export OVSX_PAT='${'ovsxat_'}7216010c-53dd-473c-a077-578c63a05572'; make deploy`,
    `{"token":"${'ovsxat_'}f9f75fb0-919e-4f5e-adb9-3593ed495e95"}`,
    `my Open VSX key is ${'ovsxat_'}81de9af4-baa1-4861-af4c-9257a9aac941, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'ovsxat_'}88643e8f-bf78-4115-a237-f376ae7e3669" https://api.example.org/v1`,
    `${'ovsxat_'}99aec674-3988-40c1-ae57-b854c97c511d`,
  ],
  ignores: [
    `${'ovsxat_'}fe1a24395973f49c4507`,
    `${'ovsxat_'}00000000-0000-0000-0000-000000000000`,
    `a${'ovsxat_'}05812ea4-a69d-4fff-aa8a-db0d2d77ae71`,
    'tokens of Open VSX begin with ovsxat_ and are kept in the vault',
    'OVSX_PAT=<your Open VSX key>',
  ],
});
