import { detector } from '../detector.ts';

export default detector({
  name: 'jwk-private-key',
  family: 'secret',
  summary: 'JSON web keys with their private part: RSA, elliptic curves (d) and symmetric ones (k). Public keys pass.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // RFC 7517 sets no order. Here the type stands first, as every library prints it.
  pattern: /"kty"\s{0,2}:\s{0,2}"(?:RSA|EC|OKP|oct)"[^{}]{0,1000}?"[dk]"\s{0,2}:\s{0,2}"[A-Za-z0-9_-]{22,700}/,
  references: ['owasp-llm:LLM02:2026', 'rfc:7517'],
  finds: [
    `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","d":"${'jpsQnn'}GQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}`,
    `{"kty": "OKP", "crv": "Ed25519", "d": "${'nWGxne'}_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}`,
    `{"kty":"oct","alg":"HS256","k":"${'hJtXIZ'}2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"}`,
    `{"kty":"RSA","n":"${'0vx7'.repeat(80)}","e":"AQAB","d":"${'X4cT'.repeat(85)}"}`,
  ],
  ignores: [
    '{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}',
    '{"kty":"RSA","n":"0vx7","e":"AQAB"}',
    '{"kty":"EC","d":"<private>"}',
    '{"kty":"oct"}',
    '"kty" is the type of the key, "d" its private part',
  ],
});
