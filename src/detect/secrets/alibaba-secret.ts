import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'alibaba-secret',
  family: 'secret',
  summary: 'Alibaba Cloud access key secrets, by the name of the service: 30 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.96,
  // Alibaba Cloud RAM, "AccessKey pairs".
  pattern: assignment('(?:alibaba|aliyun|alicloud|\\boss)[\\w .-]{0,20}secret', '\\b[A-Za-z0-9]{30}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `ALIBABA_CLOUD_ACCESS_KEY_SECRET=${'cl7W'}QskRqpTrBjm2a4uTs3Ax87lWfk`,
    `{"aliyunAccessKeySecret": "${'yq7A'}QVkcYGfRRDoy8bxy6OwoiI4HRx"}`,
    `export ALIBABA_CLOUD_ACCESS_KEY_SECRET='${'lY7G'}Q0kN5rUyEEeeMrKzIaRToMpYaE'; make deploy`,
    `alibaba_cloud_access_key_secret: ${'i57L'}Q1k9dEAzSCqYQW2u929npKD92C\nregion: eu`,
  ],
  ignores: [
    'ALIBABA_CLOUD_ACCESS_KEY_SECRET=process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET',
    'ALIBABA_CLOUD_ACCESS_KEY_SECRET=<your Alibaba Cloud key>',
    `checksum=${'Su7a'}QHkHASagA6Wo624ZVYlw0pDi41`,
    'ALIBABA_CLOUD_ACCESS_KEY_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Alibaba Cloud answered in 120 ms, request ${'BY7D'}Q3kUneD7cdubxqZtGwBLx9BTqk`,
    `aliyunAccessKeySecret=${'A47F'}QekHhNxvJbiAU0aQxZI8FSO`,
  ],
});
