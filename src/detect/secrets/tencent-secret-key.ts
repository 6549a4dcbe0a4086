import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'tencent-secret-key',
  family: 'secret',
  summary: 'Tencent Cloud secret keys, by the name of the service: 32 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // Tencent Cloud CAM, "Access keys".
  pattern: assignment('(?:tencent|qcloud)[\\w .-]{0,12}(?:secret[_ .-]?key|key)', '\\b[A-Za-z0-9]{32}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `TENCENTCLOUD_SECRET_KEY=${'xn7F'}QZkrjmCSq4QabT2vBNoFemsiPXX5`,
    `{"tencentSecretKey": "${'nS7C'}QJkppNGP4hHcoUV48S5gBlshQY4w"}`,
    `export TENCENTCLOUD_SECRET_KEY='${'5H7C'}Q5kWDk1kBuPg4gUXOGSlBdHtvbG6'; make deploy`,
    `tencentcloud_secret_key: ${'ir7Z'}QDkRWp8DL1lgkSUC0S0QDWrPgQsa\nregion: eu`,
  ],
  ignores: [
    'TENCENTCLOUD_SECRET_KEY=process.env.TENCENTCLOUD_SECRET_KEY',
    'TENCENTCLOUD_SECRET_KEY=<your Tencent Cloud key>',
    `checksum=${'M87g'}Qbk8f4G2w1bHH4clzmajJTSNIHhp`,
    'TENCENTCLOUD_SECRET_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Tencent Cloud answered in 120 ms, request ${'Tm7C'}QzkWysf0LYidVWYiQMzoiRoQHCoZ`,
    `tencentSecretKey=${'ad7m'}Qhkd0BCwyW5NB8wTtBgM6odOK`,
  ],
});
