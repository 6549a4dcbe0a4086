import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'linode-token',
  family: 'secret',
  summary: 'Linode (Akamai) API tokens, by the name of the service: 64 hexadecimal digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  // techdocs.akamai.com/linode-api.
  pattern: assignment('(?:linode|akamai)[\\w .-]{0,8}(?:token|key)', '\\b[a-f0-9]{64}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `LINODE_TOKEN=${'80f9'}2806b9a0463ccd6a233fe25f6c7eab69871bccb0a873338f2cb22d16fa1a`,
    `{"linodeToken": "${'aeb4'}3765c56f6a1a82cbba7bdfe31cb1729b35d4351c3fddb6e6feee843d4659"}`,
    `export LINODE_TOKEN='${'0110'}9a1ee2e672bc869ebae55e4afb6017940b5f8b69eaf287b802e13ea710c2'; make deploy`,
    `linode_token: ${'1acb'}5e3310f9c7c8c05efd00d7f14f147af12dbfbf82322ff7d2b4551f90920b\nregion: eu`,
  ],
  ignores: [
    'LINODE_TOKEN=process.env.LINODE_TOKEN',
    'LINODE_TOKEN=<your Linode key>',
    `checksum=${'743b'}06657cabd61577989b3e78dfa8c2e945d36c6ec730be17a3c6d065655a5a`,
    'LINODE_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Linode answered in 120 ms, request ${'2a4b'}24a4b62d228587b9d1d67a1565e7747087b246ce080342c2626ee20cf19f`,
    `linodeToken=${'79fd'}32300d5243cb3949d907a48ad5546d9883ceedfbdfa6d384d43235baa`,
  ],
});
