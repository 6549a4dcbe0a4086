import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'deepinfra-key',
  family: 'secret',
  summary: 'Keys of DeepInfra, Novita, Nebius, Hyperbolic and Lambda Labs, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  // deepinfra.com/docs and others that give keys of 32 to 40 letters and digits.
  pattern: assignment(
    '(?:deepinfra|novita|hyperbolic|nebius|lambda[_ .-]?labs)[\\w .-]{0,8}(?:key|token|secret)',
    '\\b[A-Za-z0-9]{32,40}\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `DEEPINFRA_API_KEY=${'u57l'}QekCe6OIKgmW1waos5S2a5EKexiP`,
    `{"deepinfraToken": "${'X175'}QxkC6YQEXi1FIGk8KUAYzdw68c3D"}`,
    `export DEEPINFRA_API_KEY='${'B57e'}QYkNmfbOSQO4rKq4ZWjShYq2pk6R'; make deploy`,
    `deepinfra_api_key: ${'1P7d'}QAkRFAWuwhwQciuahlqR5WDzEbwm\nregion: eu`,
  ],
  ignores: [
    'DEEPINFRA_API_KEY=process.env.DEEPINFRA_API_KEY',
    'DEEPINFRA_API_KEY=<your DeepInfra key>',
    `checksum=${'XM7Y'}QIkMV01mHxcCI89CuhENEPu0u7og`,
    'DEEPINFRA_API_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `DeepInfra answered in 120 ms, request ${'i77F'}QKkPi5yAgY8dKKJeyfQAVt2DoRhQ`,
    `deepinfraToken=${'Wf7W'}QGkUGIHfXJsc9P6FlYbpfXj0Q`,
  ],
});
