import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'jfrog-reference-token',
  family: 'secret',
  summary: 'JFrog Artifactory reference tokens: 64 characters that decode to reftkn.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // jfrog.com/help, "Reference tokens": base 64 of reftkn:01:…
  pattern: /\bcmVmdGtuO[A-Za-z0-9]{55}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `JFROG_TOKEN=${'cmVmdGtuO'}jAxOj${'eA7J'}QSkFELVo7yAmrRWHSgPYN6tW32FH8VM13sqLrvNGs8TWXt`,
    `{"token":"${'cmVmdGtuO'}jAxOj${'Qe7W'}QiksMqHShqmRdCoGshSWVLcuTicqxjljpbCTzGsEOjlzOj"}`,
    `my JFrog key is ${'cmVmdGtuO'}jAxOj${'Fp7K'}QEkCVFNai22ATrhn4Iby6u34rHA7aqUjx62PR51bdtZ9Oa, what do I do with it?`,
    `client = Client("${'cmVmdGtuO'}jAxOj${'e77N'}QHkALHDlYnA8FQ4ujHsmVAvrChCLQioA2JmDCgHExXcEX1")`,
    `${'cmVmdGtuO'}jAxOj${'uD7S'}QGkp2Q5bTKVhWDQRpHmQG0KY7qqFdeG7hgewhG1eYVy15q`,
  ],
  ignores: [
    `${'cmVmd'}XS7kQakum0TxoJirbUXzkB5VPUEaKNsHDUaPoJuLLwPmB0an2vjvcfMlDq`,
    `${'cmVmdGtuO'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'cmVmdGtuO'}jAxOj${'BB7G'}QhkanPHQyc2KunueqrM3FFmaNuOFy8USxRFLcAtK2d7Cdq`,
    'tokens of JFrog begin with cmVmd and are kept in the vault',
    'JFROG_TOKEN=<your JFrog key>',
  ],
});
