import { detector } from '../detector.ts';

export default detector({
  name: 'aws-session-token',
  family: 'secret',
  summary: 'AWS session tokens of temporary credentials, by the base 64 of the region marker they begin with.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // AWS STS: opaque, but all begin with the same bytes; 200 to 2,000 characters, of which 80 suffice here.
  pattern: /\b(?:IQoJb3JpZ2luX2Vj|FwoGZXIvYXdz|FQoGZXIvYXdz|FQoDYXdz|FwoDYXdz)[A-Za-z0-9+/]{80,1000}[A-Za-z0-9+/]{0,1000}={0,2}/,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `AWS_SESSION_TOKEN=${'IQoJb3JpZ2luX2Vj'}7I7bQ9kBGLMpXXRtQzpgtsbU2kaLQvbF7B8qZKDnH/i2Z5td8FzqnHRbRXMCLm9S6ebQYVd+wMfOuuGVepfSOKcKe1lgMaEpsF+ilONM5fkLX4lwLKrZAMbazZKpBie/NPooi8br+ty/AiLKJ9Y1c/oXbBOuiWp3CAfIfGlV5T+I/fj+uHsAXSic04GuTEO07SfI2RGnwDW+Vw7ykATSK92LloBmH+mJJZz460bWPnCCf00KvxQXEw8CYbLJVu4+stpVh5xw5JaUSqbvs9NdwuhxaDe2bIkNK1LQxvShF3HP==`,
    `"SessionToken": "${'FwoGZXIvYXdz'}MM7PQskteK++IU+h0Tn6MYQLK2uT/pdur13UcKzLB4j8GrI/3UmYvrQxXnoJdIijWKQgWnOUYEoVbgh9/b2+XPTsEvF3A2+5yDZ+aD0jiQwZO0OCqZ+jbCJVHgENwrtvGzrNS4SOifdNt9KmEcjYdnZM6I1AXK3ib9ZwjC7WO4Y5qMTLmlaohnW/FcHNHidJl51Bh2Q6nylSLCNM3xn7G2nTT2NJ19rmorcuhhOSlOp0XOCz="`,
    `aws_session_token = ${'FQoGZXIvYXdz'}mO71Q0k54dRBPnugyirvaeZr4JXZhGKI5OWdZ0bC6/c4ovqXXfmuA0ck8FBGzp0uYfbqaLrcbSGPbx2tbwzvS9InhO6/wwWKzwVYG0c8/VOnvJvCwUFzVmbV4MpqEyvlArc4VBkNiCfPC4/0CZM9fi70dXkMpL083cz9kTNo5jjP+eLZrygoKxwt2CtIRz3pVhpEysiJxih4OcowA4NCqsYkipWEA6T6n0inw//KuupcLT+yBykBRGzDg7u1RNpDy6k80CompCTSJTOXT7PABaBgNO3jVsLVISUYn5vFCq9PzIDOET1loyAcIslE5JwH8Nda3/ZjF/QfCGubfcBQrl9iUjMAy7WldxDI3BjBxBrQbBw6iPcmAMKcUqrXGT/LkcDVyATtcz4CUYtl`,
    `<SessionToken>${'IQoJb3JpZ2luX2Vj'}YX7YQVkxeQgtF+Dh7xujWBGEuwhEXwu7kQuNoS6bFcyV0DIzXIA7E/y9no5gisnURNR/+H2R+fbmbA5CbgxswpLBiYkyQ0JEehvvqj0aRVl5r+MTzXHc/aZPeeTzyFg6BjlVo625cZyS6UMdkRZF7P+KRve5rf/H8mQ0KRNdpamibB//fn5twgO8pZxCGZDmKvWNovmRN4Cj0+d/N9GTowgvScTEKKPzLM7/9+gbKES8QTr3dXGwkzYW9pyy1rr+Q3RTM9gQrdE22NXCoEsdbw1guag/a1siIkvfCRbPU2EB4H+KE9HvX8WUS8dzBwvj12cQXUKIWto11d5AxkbJmdG3ValcYKvKbyZ6EgYt</SessionToken>`,
  ],
  ignores: [
    'IQoJb3JpZ2luX2Vj is how a session token begins',
    `${'FwoGZXIvYXdz'}Ev7iQVkJ0ai6u2aYMGEJTUpynR9dngNrHdtdec9b`,
    'AWS_SESSION_TOKEN=$(aws sts get-session-token)',
    'aws_session_token = <your session token>',
    `x${'IQoJb3JpZ2luX2Vj'}4w7SQgkXZIPZjZsenNqYmLVDL6wfp786ZkdQ2KqoT5Vj8U2yE543brjmj/FlwYzQhOw6Egz/Cj4ldrR/236s6t17VfGEWWIycIvesjtrDwGsWM1P/aRKwmQAKIEVBXWtRHwBaQARWo0A+YO2rWmBYjLEUw2OQ3SH5kzXqdqUVYtDRbDKHQqnmuzZRqoD5EW6pYK/38pMLCqiPZHjtU4rQRDpG6YhurgMMWwujD3k/WfthxVuV9gEv5x39BhWKN/07KCw1w2pmLCx02cpiTPFFp+hhc0Zb9av2ZAvXorBXDqw`,
  ],
});
