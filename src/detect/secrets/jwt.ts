import { detector } from '../detector.ts';

// `eyJ` is `{"` in base 64, `eyA` and `ewo` the same with a space or a line end behind the brace. A repetition counts at most 1,000, so a
// long payload is several of them. A payload over 2,600 units (and with it the whole token over the longest match) is found by its
// beginning: what is left of the token is of no use without it.
const UNIT = '[A-Za-z0-9_-]';
const BRACE = '(?:eyJ|eyA|ew[o0])';
const HEADER = `${BRACE}${UNIT}{10,400}`;
const PAYLOAD = `${UNIT}{8,1000}${UNIT}{0,1000}${UNIT}{0,600}`;
const OVERLONG = `${UNIT}{1000}${UNIT}{1000}${UNIT}{600}`;

export default detector({
  name: 'jwt',
  family: 'secret',
  summary: 'JSON web tokens: three parts in base64url, header and payload both JSON objects; the signature may be empty.',
  tier: 'block',
  severity: 'high',
  confidence: 0.95,
  pattern: new RegExp(`\\b${HEADER}\\.${BRACE}(?:${PAYLOAD}\\.(?:${UNIT}{8,700})?|${OVERLONG})`),
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `Authorization: Bearer ${'eyJ'}hbGciOiJIUzI1NiJ9.${'eyJ'}zdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U`,
    `id_token=${'eyJ'}hbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.${'eyJ'}pc3MiOiJodHRwczovL2lkLmV4YW1wbGUifQ.${'aB3_'.repeat(86)}&state=x`,
    `"${'eyJ'}hbGciOiJFUzI1NiJ9.${'eyJ'}${'c3ViIjoi'.repeat(150)}.c2lnbmF0dXJlLWJ5dGVz"`,
    `unsigned ${'eyJ'}hbGciOiJub25lIn0.${'eyJ'}zdWIiOiIxMjMiLCJhZG1pbiI6dHJ1ZX0.'`,
    `{"id_token":"${'eyA'}iYWxnIjogIkhTMjU2IiB9.${'eyA'}ic3ViIjogIjEyMzQ1Njc4OTAiIH0.c2lnbmF0dXJl"}`,
    `${'ewo'}gICJhbGciOiAiSFMyNTYiCn0.${'ewo'}gICJzdWIiOiAiMTIzNDU2Nzg5MCIKfQ.c2lnbmF0dXJl`,
    `cookie ${'eyJ'}hbGciOiJIUzI1NiJ9.${'eyJ'}yb2xlIjoiYWRtaW4ifQ.c2lnbmF0dXJl; path=/`,
  ],
  ignores: [
    `${'eyJ'}hbGciOiJIUzI1NiJ9`,
    `${'eyJ'}hbGciOiJIUzI1NiJ9.${'eyJ'}zdWIiOiIxMjM0NTY3ODkwIn0`,
    `${'eyJ'}hbGciOiJIUzI1NiJ9.c29tZXRoaW5n.c2lnbmF0dXJl`,
    'com.example.service.Handler',
    'eyJ.eyJ.sig',
    `x${'eyJ'}hbGciOiJIUzI1NiJ9.${'eyJ'}zdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl`,
  ],
});
