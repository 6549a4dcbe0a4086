import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'packagist-token',
  family: 'secret',
  summary: 'Private Packagist keys, secrets and tokens: packagist_ with a kind and 68 to 90 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // packagist.com/docs, "Authentication".
  pattern: /\bpackagist_(?:ack|acs|oauth|ort|out|uut)_[a-f0-9]{60,96}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `PACKAGIST_TOKEN=${'packagist_ack_'}d9e73d5eb6803bc755b0d6970a97e12a5f987ffd166896249db0630e431f3fa5abb354d4`,
    `{"token":"${'packagist_ack_'}207cda47e96f4c91e5d68515e313c2a50e022f6c7d206c0ff8157f22fee688bde27a6e68"}`,
    `my Packagist key is ${'packagist_ack_'}a3a687535b36151332a8d370808974ba61cc353521d774ff43c5aa8f8d872eb8d997f7e9, what do I do with it?`,
    `client = Client("${'packagist_ack_'}6e36ab9a8d63df11523e6c16dc911cf7cc435ed67b047dac6563b15786d7a04dc6fd1325")`,
    `${'packagist_ack_'}639a25436c8ffe3715d7d438f684641fe96d8a5a435dde9748ac643fa65e49b079187af8`,
  ],
  ignores: [
    `${'packagist_ack_'}621aba6a607d7a376391bccc1060e9f4bc4d03bc`,
    `${'packagist_ack_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'packagist_ack_'}baacd1e0211b4836cbf75d531d2cce9efe75ad396ed9098541c8eda58400e646b7882014`,
    'tokens of Packagist begin with packagist_ack_ and are kept in the vault',
    'PACKAGIST_TOKEN=<your Packagist key>',
  ],
});
