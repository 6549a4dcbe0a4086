import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'huggingface-token',
  family: 'secret',
  summary: 'Hugging Face user access tokens (hf_) and organisation tokens (api_org_) with 34 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // huggingface.co/docs/hub/security-tokens; user tokens are letters only so far, so no digit is required.
  pattern: /\b(?:hf|api_org)_[A-Za-z0-9]{34}\b/,
  check: isHuggingfaceToken,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `HF_TOKEN="${'hf_'}Qd7DQfkVYrQRZHo4bAWUGhHcLWR9XD3AVV"`,
    `{"token":"${'hf_'}FX7zQvkcyBiI8QMfpAcmzXb1qGO7S5ReQi"}`,
    `my Hugging Face key is ${'hf_'}uh7xQJkvEbSN4Th6z4pbBHC2xCSZd4EiwA, what do I do with it?`,
    `client = Client("${'hf_'}DK7FQWkvpOXhy2zODa7kUgDCLbuE4U1ffD")`,
    `--token ${'hf_'}Te7dQDkBJFJAsqbGDBVQPufA0LExbnvbEg --verbose`,
    `use_auth_token=${'api_org_'}JHNuvPDBGsutMuGOVZfcngEhtnXouAyxDV`,
    `huggingface-cli login --token ${'hf_'}ZBsdleJxbpGEEoPLPiqTyHhPfeQMEogtFD`,
  ],
  ignores: [
    `${'hf_'}y37XQVknNg80QT8JIq3JvtEGXIlNnvi9V`,
    `${'hf_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'hf_'}Cg7OQgklMmYYCJMGMADIDL2i5LXQ19tenZ`,
    'tokens of Hugging Face begin with hf_ and are kept in the vault',
    'HF_TOKEN=<your Hugging Face key>',
    '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',
    'int hf_servingcellparameterdescription_id = -1;',
  ],
});

/** The check of a candidate: mixed case keeps `hf_` identifiers of generated code out. */
function isHuggingfaceToken(candidate: string): boolean {
  const body = candidate.slice(candidate.lastIndexOf('_') + 1);
  return body !== body.toLowerCase() && body !== body.toUpperCase() && looksRandom(candidate);
}
