import { detector } from '../detector.ts';

export default detector({
  name: 'sentry-token',
  family: 'secret',
  summary: 'Sentry organisation and user auth tokens.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\b(?:sntrys_eyJ[A-Za-z0-9+/=_-]{60,400}|sntry[ui]_[0-9a-f]{64})/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `export SENTRY_TOKEN="${'sntrys_eyJpYXQiO'}ztWhI2pgZUABpoxRmYaz6IdDbj_SFLWg12_z-mrHQinCiDKR2B2H8R4ViUhlzMLCUU5v3xIQPpdNizIwjAch6HoV9Pp597Vg6QG2Q0RSTkm9I7ea1ccEDhbraFaLZmvwrHOiEcit0i2JEMRxuRY8PHOFihlyTsPR"`,
    `sentry_token: '${'sntryu_'}bc65dc492ca26aa7a7d4a79f8b66214320258996bc2a04fe3f680a6fd3bf621a'`,
    `SENTRY_TOKEN=${'sntrys_eyJpYXQiO'}gKdLlPiKypynZlS5DLUF1XN6mNaguyI1BEc5HFDUbOALYtMD_PoSAsT-BA8Hzkxt8fmSBKssIeIqUPTzImkiKyKEZMBl-SH0boHv4LLFIiY0dxS985_zRdGc5u33nWzYvXvMq9xX1Gcon_QQiPZqOI7Cgj60M0Mo`,
    `--token ${'sntryu_'}3fd28c520d8e938a7751c6fdb6f7bbea5d825c1a5e6ac197243d1cd2fa1ce0b4 --verbose`,
  ],
  ignores: [
    `${'sntrys_eyJpYXQiO'}06iVpyVjGO06jBpLfvhsRnrFGEMsKPi8UP91cxA`,
    `x${'sntrys_eyJpYXQiO'}06iVpyVjGO06jBpLfvhsRnrFGEMsKPi8UP91cxAFMnFsVY0CfiuO4fptMYrhHnONjdOBWhQKKg2RFQ-b9oUcKq_bG7boUQCseKwTQ92CCg8xHdooVtJE6XB5NOonF7pDtTeIYH_YchyBwxmfXIRoaq9-B3qlEAqd`,
    'sntrys_eyJpYXQiO is how such a token begins',
    'https://9b2f6f0c3d524a1e9a530b8f6c1d2e7a@o1.ingest.sentry.io/42',
    'SENTRY_TOKEN=process.env.SENTRY_TOKEN',
    'sentry_token: <your token>',
  ],
});
