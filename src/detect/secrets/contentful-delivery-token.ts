import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'contentful-delivery-token',
  family: 'secret',
  summary: 'Contentful delivery, preview and management tokens, by the name of the service: 43 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('contentful[\\w .-]{0,16}token', '\\b[A-Za-z0-9_-]{43}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `CONTENTFUL_ACCESS_TOKEN=${'r7Q54z'}nxPpFhh8Tou4fcjfqpGEHkuUfzkDk3xzvd5Bn`,
    `{"contentfulPreviewToken": "${'r7Q2eJ'}hOQvBS9Kn46Pky6ZffLxQWxkKXOajq1xa0Dgq"}`,
    `Contentful token is ${'r7Q6DK'}pwSdn2PDornWrPsrMKSm55VQ4NsH3PM5JHbBk`,
    `CONTENTFUL_ACCESS_TOKEN = '${'r7Qlav'}2v9Q1gka9rqZ7kdboEjJtKG6GGlScfj0ak3iz'`,
  ],
  ignores: [
    'CONTENTFUL_ACCESS_TOKEN=process.env.CONTENTFUL_ACCESS_TOKEN',
    'CONTENTFUL_ACCESS_TOKEN=<your Contentful key>',
    `checksum=${'r7Qriw'}ip5LdE0uxhaxkZmQKyX0RpixWFNO9b0vxns4f`,
    `CONTENTFUL_ACCESS_TOKEN=${'x'.repeat(43)}`,
    `Contentful answered in 120 ms, request ${'r7Qriw'}ip5LdE0uxhaxkZmQKyX0RpixWFNO9b0vxns4f`,
    'contentfulPreviewToken=r7Q1aSSTnHbHYzDYkFyN',
  ],
});
