import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'twitter-secret',
  family: 'secret',
  summary: 'X (Twitter) consumer keys, secrets and access tokens, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment(
    'twitter[\\w .-]{0,20}(?:secret|token|key)',
    '\\b(?:[A-Za-z0-9]{50}|[A-Za-z0-9]{45}|[A-Za-z0-9]{25}|\\d{8,20}-[A-Za-z0-9]{30,42})\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `TWITTER_CONSUMER_SECRET=${'r7Q6eH'}8CaPr7R9G6hKip9TSN3SOrhU3ReeGlOpRYbYol8KZqUk`,
    `{"twitterAccessTokenSecret": "${'r7Qb1N'}3qLVETXTAP0uEcLCpZ8XnVBIHt0xSTz6qI761r0gBqYY"}`,
    `Twitter API secret is ${'r7QSgO'}UPrpF2XSr0TcR1SKCjInvdjRDexvcNTLWaVWGlbzD9WO`,
    `TWITTER_CONSUMER_SECRET = '${'r7QvhD'}OQ4SrReAfiwte0Fptp1Asovi1tXhqwv8M3GxJ4pnehG4'`,
  ],
  ignores: [
    'TWITTER_CONSUMER_SECRET=process.env.TWITTER_CONSUMER_SECRET',
    'TWITTER_CONSUMER_SECRET=<your X key>',
    `checksum=${'r7Q6cI'}QbhFzP5r4kmWc1BqcZ1tggM7Fo0dLmIADBEvKLpbetJ0`,
    `TWITTER_CONSUMER_SECRET=${'x'.repeat(50)}`,
    `X answered in 120 ms, request ${'r7Q6cI'}QbhFzP5r4kmWc1BqcZ1tggM7Fo0dLmIADBEvKLpbetJ0`,
    'twitterAccessTokenSecret=r7Q5nsx4clGrJMBA3SpdVXOL',
  ],
});
