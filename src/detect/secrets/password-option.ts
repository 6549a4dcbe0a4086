import { assignsPassword, isKeyMaterial } from '../checks/secret-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'password-option',
  family: 'secret',
  summary: 'Values behind options of command lines: --password, --token, --api-key and their like; variables and names pass.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.82,
  // With `=` in place of the space an option is an assignment.
  pattern:
    /--(?:[a-z]{1,12}-){0,2}(?:password|passwd|passphrase|pass|secret|token|api-?key|access-key|secret-key)\s["']?[!#-&(-;=?-[\]-~]{5,60}(?:\w\b|[!#-&*-/:=?@^~])/,
  check: isOption,
  references: ['owasp-llm:LLM02:2026', 'cwe:214'],
  finds: [
    `az login --username anna --password ${'tUlp3'}nfeld9`,
    `deploy --token ${'q8Zt3'}LmW5xR1nB7vK9`,
    `pg_restore --admin-password '${'m4rzip'}an!7' shop`,
    `tool --api-key "${'kf83jd'}92lq07xnv5mz1w" list`,
    `twine upload --password ${'B1rk3n'}-w4ld dist/a`,
  ],
  ignores: [
    'az login --username anna --password $PASSWORD',
    'deploy --token <token>',
    'tool --password --verbose2x4',
    'tool --api-key your-api-key-1234',
    'docker login --password-stdin',
    'pass --token secret to the program',
    'psql --password postgres',
    'vault write --token-ttl 3600s1h2',
  ],
});

/** The check of a candidate: its last word is a key or a password that cannot be a name. */
function isOption(candidate: string): boolean {
  const word = candidate.slice(Math.max(candidate.lastIndexOf(' '), candidate.lastIndexOf('\n'), candidate.lastIndexOf('\t')) + 1);
  const value = '"\''.includes(word[0]!) ? word.slice(1) : word;
  return !value.startsWith('-') && (isKeyMaterial(value) || assignsPassword(`=${value}`));
}
