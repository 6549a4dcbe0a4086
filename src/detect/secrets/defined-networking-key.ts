import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'defined-networking-key',
  family: 'secret',
  summary: 'Defined Networking API keys: dnkey-, an id and a secret.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // docs.defined.net, "API keys".
  pattern: /\bdnkey-[A-Z0-9]{26}-[A-Z0-9]{52}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `DEFINED_NETWORKING_KEY="${'dnkey-'}BBTDD0GDMSAUR44NAM73WA3YY8-DX3S4KC4O499OYA5VNGCNGSUU2STUZU6R5HXHAV1OO8E9FJ60N8O"`,
    `token: ${'dnkey-'}26QBH3CBHHHPWDMNU4Q28JSLMB-ZEW3B6OA0II87698YTZRB5CLPH32UR7LN53PD9VARW8TSJKINJO1\nregion: eu`,
    `my key for Defined Networking is ${'dnkey-'}3Q6S287RAM6WZLFRIE5S5180OE-FI2L3W1EKWMWKZ64XE1T8ROQ9OGAG3BA4GWFC3V7J755BP492C2H, what do I do with it?`,
    `(${'dnkey-'}H4XZ8P8FTCASVMZXEJ4HLAFBT2-MC7OJLIHENKZLQR4NDE2M8BU9N67L1JR3I89EESZSJQDFBCWXUGD)`,
  ],
  ignores: [
    `${'dnkey-'}95SQK24IB`,
    `${'dnkey-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    'DEFINED_NETWORKING_KEY=<your key for Defined Networking>',
    'DEFINED_NETWORKING_KEY=process.env.DEFINED_NETWORKING_KEY',
    'keys of Defined Networking begin with dnkey- and are kept in the vault',
  ],
});
