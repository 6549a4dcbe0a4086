import { detector } from '../detector.ts';

export default detector({
  name: 'fly-token',
  family: 'secret',
  summary: 'Fly.io access tokens: macaroons (fm1r_, fm1a_, fm2_) and sign-in tokens (fo1_).',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // fly.io/docs/security/tokens; a macaroon is base 64 and may be 1,000 and more characters long.
  pattern: /\b(?:fo1_[A-Za-z0-9_-]{43}\b|fm(?:1[ar]|2)_[A-Za-z0-9+/]{100,1000}[A-Za-z0-9+/]{0,1000}={0,3})/,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `FLY_API_TOKEN="${'fm2_'}TM7BQCkwnPQY4f7Nohj0HbCI1U+fmeUH/d/G7eesqORJ7LRcGm8sTQPijRGXk38MPITp6s0OSEH2vtEgJ7tT2JH20urGDqjJ0HIA12Qg5h7bmhVkechCvF7fFgaAlQsj/BlGog3phBqwqTy4w0Ubsjia8YGnrmEGGQiPUNMwuG1ntl00jp75DW2CwkzWIsRCujcIc4Zv"`,
    `{"token":"${'fm2_'}e770QikC/msLeuCKbhDSgfcVS2IqXLk0X1wYOfQpqXnOS6WHLebLxIw3bjNTlKeygu7JW8LV8hj7CGvycUslGCbJXjOpaBSJwS7im1Sit3apTmtEK6lY6UopPzx8kptEDHq2wrsZ2FpSL0R/UEVkmvPkmKacMGTHlxDbpN+f9e9AtTvthdXgqHya5mRhtgXuSa+gOqIF"}`,
    `my Fly.io key is ${'fm2_'}YI7TQXk2LWVvLX8otJ2Cn4qis5sG+Z7tPY3lVYkvN1bSBBjQKDPHpQAdvD8Ea7ahBo+JIARG1ZcUYZ5JtqP7Vnsa3SJL7Aj8nOgqxeo0F8IuxCrnmn41tjMifVDwJXu9dAyyw0g06z/FFC1PlxMkmeMcTlY9HHDh2rHdmZSn3UX6N1GyIXBZ1VT35rmdGr3uYZdzjDQ4, what do I do with it?`,
    `curl -H "Authorization: Bearer ${'fm2_'}6N7oQzkhJ2/tNo5x7hbB39s6eUoTIKsNcX2j/Ri3PhTYUAJ/vootUI2rpzAHXawcwOFLJRWNLBMcy2NN3Ss/G/r86CRwKn58km6VVEnHRuu3HQvZWWzbx+wMYrMC95ZxdKM/Nda0U3ES4Zk9Vn8uPVLmhM546M9yo9BY4Jg8qbmvXQty2QbEhBvYL/s8/d9sS0ASXU7X" https://api.example.org/v1`,
    `(${'fm2_'}Z67yQ7k7VwSvYmb5F3twh0ddt+b84854pdt0qMyaFoHdmqana+8Ey4WsecBVbGST1fNBnhruZX31W5roynZmyopugyi1sGEh3UHWRqxkkN+EkisKLuQWCBv+HjvDv1XnAJ6F0Y57iD425/xTBzZBEQ75GPDSjWw0WnOBRPaIHeV/PKKHO2tP7ruO+cl4VCI1wnSt+YYg)`,
    `fly auth token\n${'fo1_'}f97uQ2kEhtZxTIuZXlVaDQOh-2fjIoJdqyxazSjHs-1\n`,
  ],
  ignores: [
    `${'fm2_'}rv7kQ/k3OtSovAGYzyZvhs2WTNLSwJyOZ/W2BcsCGL09+8uanC`,
    `a${'fm2_'}id7fQJkNT1IK7Ca6j8RcurgYz039w0GpJqTy/vXH5X4UlG9vsW3zkrhyh0qFsMKFN4WzkTFXAqStkwnCeOY9tBk1NhPDrw5b/D8NzBmtRqZEI96u8jpCpsodJBTOL4hm0VOtqCPcOh0f9VY46nX244gdlDJT/1XhIhIhYF/5meSXE6/sQs7i3akSGmGyHaOw7Jp0HxiL`,
    'tokens of Fly.io begin with fm2_ and are kept in the vault',
    'FLY_API_TOKEN=<your Fly.io key>',
    'FLY_API_TOKEN=$(vault kv get -field=token secret/ci)',
  ],
});
