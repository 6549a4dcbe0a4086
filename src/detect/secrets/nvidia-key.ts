import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'nvidia-key',
  family: 'secret',
  summary: 'NVIDIA API catalogue keys: prefix nvapi- and 64 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // build.nvidia.com, NGC personal keys.
  pattern: /\bnvapi-[A-Za-z0-9_-]{63}(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `NVIDIA_API_KEY="${'nvapi-'}Sn7tQakrMfXEY8B4ax7l46g1t3eSoznarsUqHu5rIWsXv3B37EPJWTudNrJdQr6L"`,
    `{"token":"${'nvapi-'}Eu7bQMkNUpcFI7PCkmrpa10apc-5u2XAsNhgLMBWAu4fZuac518kki5dW291wQfo"}`,
    `my NVIDIA key is ${'nvapi-'}C17uQlktGE5H-1fTAwzEZdqmNK_y4oL3_stXMTQiYZRWiTFDBwT9pBa5uCPx5R_K, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'nvapi-'}Gb7iQ-kCt4O136dFMsQ8Ak5p5V7yHQToB8h_TF34SPwmIBxHWqVRjah1AcymCzkN" https://api.example.org/v1`,
    `--token ${'nvapi-'}Ab7RQuknt0kpmdct9NtxfM5y113Iu234RX2ODohC3x9mosd-UwwrqSlJPlKrKl2G --verbose`,
  ],
  ignores: [
    `${'nvapi-'}4f7XQUkxZzO332tWhL4SozR3V4B73SdFtCdRP_zKNrDPrdt3mevbujogJnI-0Mo`,
    `${'nvapi-'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `a${'nvapi-'}7l7vQgkuv26FqfWEvPZtHVeoMQ0RqbjJ0AE0veH8KA2u1Q03aaz8QAWPDoOEFX7Z`,
    'tokens of NVIDIA begin with nvapi- and are kept in the vault',
    'NVIDIA_API_KEY=<your NVIDIA key>',
  ],
});
