import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'pinecone-key',
  family: 'secret',
  summary: 'Pinecone API keys: prefix pcsk_, a short key id and a secret of 63 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.pinecone.io, keys since 2024.
  pattern: /\bpcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{63}\b/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `PINECONE_API_KEY=${'pcsk_'}21wrH_${'WK7N'}QlkbQHup35mOb6q9CPPrTR6UiiPjEu2H5ZnikQ6psCR3G8PKgdSbY0WfmNf`,
    `token: ${'pcsk_'}N1csD_${'Ml7R'}Q1kbcgkMFwOUIHeIDGEzaYq7O3qogOzjzM6Z9Y1rPTYFSoSUN8I5wD13Hgi\nregion: eu`,
    `my Pinecone key is ${'pcsk_'}NWHcv_${'tr7Q'}Qlkh8gBOhsvNPpcSCFjtJqTdTHxuNVrZSbTFDB6FVMlqcMX0l0Gmvoq4FBG, what do I do with it?`,
    `client = Client("${'pcsk_'}ZmBMC_${'VH7l'}QTk9CffzOKihhNsTNbHzxqZMGGBRLoNenqLGjeX9OT0Rg3cgHRotGzfpXVG")`,
    `(${'pcsk_'}qJZre_${'Tm7U'}QJkCAH8pobta66zs2M7iyfFXuPDBSykAELGlSH62dG0DfbUP1ljl1Vl8YMi)`,
  ],
  ignores: [
    `${'pcsk_'}Cu7eQZk7FzNGBRDdF3JkPdcIPKkkDjhoiAgrAvRELvUGIzlTvkcSGDJ0LFxtr75BjZBna`,
    `${'pcsk_'}xxxxx_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'pcsk_'}uD1H5_${'XK7D'}QHkXlkUqRLDVJpICmKHTnb6CA7jDhd0PpdbQQfO0pSDrDV1UUB9DFqx4y4S`,
    'tokens of Pinecone begin with pcsk_ and are kept in the vault',
    'PINECONE_API_KEY=<your Pinecone key>',
  ],
});
