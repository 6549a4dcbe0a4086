import { detector } from '../detector.ts';

export default detector({
  name: 'vault-batch-token',
  family: 'secret',
  summary: 'HashiCorp Vault batch tokens: hvb. and 100 to 1,000 characters in base64url.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // developer.hashicorp.com/vault, "Batch tokens": encrypted, hence long.
  pattern: /\bhvb\.[A-Za-z0-9_-]{100,1000}(?:\w\b|-\B)/,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `export VAULT_TOKEN='${'hvb.'}iR7TQQkX644m7-Xh-hSH4_Ir-Zd2QUrGyjEJvsT422ai6QxBGRRsUnZ0qjuwUxY23fftAqTpY9jZUCGRscY2Nj3Wb2q7TKX71kA9P8MCcT_vqsEpVHsW0oihRpF7IcZ7lqYHyjNqJZKutNPDIoLqeZb1ZTT9FPBQ'; make deploy`,
    `token: ${'hvb.'}y57lQHk6emzipy19bC2t451o0BL94X5vlZ8ePx7fxHPMG1SUpEToaf3ez0TdCmbKIAR9q0cgV8wFw6mjxLNxfc6f7i9m9Ey8Qu8sSZMVJ5TdPrcG-IgCHGn6waEBzUcjj4jcGTgHfYHeLNvywcfrY9oO8ywuAAWw\nregion: eu`,
    `my HashiCorp Vault key is ${'hvb.'}Ci7AQFksRYJ2QGxpFHMQ1SlOmHGyYyGiyD3nb7vlkCe1691ESQo_pB_aHU_lSk1zF_XdP4xpwYLCwQAnaobHU3GzNKrhI7GEQ__N3RoOeKG6h9Tn0aJ9zXmxPTdxjxXzv7ESkA80UplxPa8-BmpeSXct7uneteR9, what do I do with it?`,
    `client = Client("${'hvb.'}UP7LQgk389BAnOdZWbo5OtcWRuURiz7HMNxbYYsLGgYu4GnMYBVDNbw7Bc2kv9pLumViDbd3VeUPNHH7jcvpdKGeqZIkTHgZetYo5JXyMUkhDlWNOyy5y8jwhJeZsqwubxHX9Yic1SpXWyW_O1BhMaS59uTxP6Uo")`,
    `${'hvb.'}9e7_Q1ktpI8ig8I18YpmGcPY8OqPyzd9xE_z2iNGFySb3LOpA3GLb9c_zMabbb5d-r9v5al8jMxGAklKMT8WWMTefkZldMvkt_w2CZ-Zdh5o6bUYZrUz6dswPNeZEjm817w0eL0IjWif5I9WRkRYVekflI1XAOLy`,
  ],
  ignores: [
    `${'hvb.'}cn7XQukfqv-0kvYGoFs0nz2EIYunN5mXGmfWvwVuKfwviRQJNL`,
    `a${'hvb.'}LO7XQykRd-DUXIJn6nfRBE5_e3ydGplsVjyHvDtO_im42VU5kpcjdxMdrck8og_gUp3zcoC2Xf51Lzm8e2AUylUL78a2H2j4bGAenXnEe2D48iBDXzdp4WSqzsHLml2tHLBcLASQX-mXe_eQs9uulRBIZbB0BfIf`,
    'tokens of HashiCorp Vault begin with hvb. and are kept in the vault',
    'VAULT_TOKEN=<your HashiCorp Vault key>',
    'VAULT_TOKEN=$(vault kv get -field=token secret/ci)',
  ],
});
