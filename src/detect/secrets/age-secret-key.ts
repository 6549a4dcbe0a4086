import { detector } from '../detector.ts';

export default detector({
  name: 'age-secret-key',
  family: 'secret',
  summary: 'age secret keys: AGE-SECRET-KEY-1 and 58 characters in Bech32.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // github.com/C2SP/C2SP, age.md: Bech32 with the prefix age-secret-key-.
  pattern: /\bAGE-SECRET-KEY-1[AC-HJ-NP-Z02-9]{58}\b/,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `SOPS_AGE_KEY="${'AGE-SECRET-KEY-1'}YYJW5VKSZY3PYAU0MAM3YKDDWAKLZ0AU44EFN75MUUDD0G8DFHJYXUMNJL"`,
    `{"token":"${'AGE-SECRET-KEY-1'}YYJW5VKSZY3PYAU0MAM3YKDDWAKLZ0AU44EFN75MUUDD0G8DFHJYXUMNJL"}`,
    `my age key is ${'AGE-SECRET-KEY-1'}YYJW5VKSZY3PYAU0MAM3YKDDWAKLZ0AU44EFN75MUUDD0G8DFHJYXUMNJL, what do I do with it?`,
    `client = Client("${'AGE-SECRET-KEY-1'}YYJW5VKSZY3PYAU0MAM3YKDDWAKLZ0AU44EFN75MUUDD0G8DFHJYXUMNJL")`,
    `--token ${'AGE-SECRET-KEY-1'}YYJW5VKSZY3PYAU0MAM3YKDDWAKLZ0AU44EFN75MUUDD0G8DFHJYXUMNJL --verbose`,
  ],
  ignores: [
    `${'AGE-SECRET-KEY-1'}0FU85DD8FBGBWZ1GHLDHC1TRBY072VUMWXBX6IPYBLV5F22OTOH5CGADQ`,
    `a${'AGE-SECRET-KEY-1'}YYJW5VKSZY3PYAU0MAM3YKDDWAKLZ0AU44EFN75MUUDD0G8DFHJYXUMNJL`,
    'tokens of age begin with AGE-SECRET-KEY-1 and are kept in the vault',
    'SOPS_AGE_KEY=<your age key>',
    'SOPS_AGE_KEY=$(vault kv get -field=token secret/ci)',
    `recipient ${'age1'}ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kdkgy7scm9yqf8`,
  ],
});
