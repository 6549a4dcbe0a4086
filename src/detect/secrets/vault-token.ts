import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'vault-token',
  family: 'secret',
  summary: 'HashiCorp Vault service, batch and recovery tokens: hvs., hvb., hvr. and 24 to 1,000 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // developer.hashicorp.com/vault, "Tokens": prefixes since 1.10.
  pattern: /\bhv(?:[sr]\.[A-Za-z0-9_-]{23,119}(?:\w\b|-\B))/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `VAULT_TOKEN="${'hvs.'}Un7lQfkzAtQ-Tw2wSTGv_Wst7DlqoBi5gpxhn93mVidAPVrPsuTPT9Ja36RQGampn0bPnF01HRd4_ZglLBOAl_hqZy"`,
    `token: ${'hvs.'}DE7EQakgYKKqJcOeidTeuz-4gKsO-4RWBUi0LiA3mKC6l2oY-YV92xORAjOrVhONduVibdS9i0QMewRPGkKXgSC6aJ\nregion: eu`,
    `my HashiCorp Vault key is ${'hvs.'}8a7qQtkp-v9oMoijnPBS83I8i9WY7pBWEKeDYRRZMCqpDdD5xjfr4nvXXrqyxY60_6HEH-BVUFR83UYt0pFviMwf01, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'hvs.'}Ca7CQ5kcP3e13ppk6uAk8m3OFI9kcnrdC43Kp77j9fiiWm1U-RyFyT-hQCs_2-siJBM57CmFr3lytwnFrbZ9w2kdRh" https://api.example.org/v1`,
    `--token ${'hvs.'}LL7RQ8k_J1aoBv143iGm3k0BZTXLjCYEJ4bISWvGyjXNESsNbZvVAL0P8HxrSFKwVtHjvxDRPXoG_Guemibqpy_aaL --verbose`,
    `root token ${'hvs.'}Hl71QVk0pyMNOyCGuUFGe8w6`,
  ],
  ignores: [
    `${'hvs.'}H87BQFk5dEjtcPx`,
    `${'hvs.'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'hvs.'}IX79Q8k8FHr6IzOHtRq_EqEDtgQ09xuLuaRI0mCTIVwr7HrgxLQ13WQ1YbxsgJ6cASc8yFDuu9Fib9Frupo9t0Lyge`,
    'tokens of HashiCorp Vault begin with hvs. and are kept in the vault',
    'VAULT_TOKEN=<your HashiCorp Vault key>',
  ],
});
