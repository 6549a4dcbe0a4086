import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'linkedin-secret',
  family: 'secret',
  summary: 'LinkedIn client secrets, by the name of the service: 16 characters, or WPL_AP1 and two parts.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment(
    'linked[_-]?in[\\w .-]{0,12}secret',
    '\\b(?:WPL_AP[01]\\.[A-Za-z0-9]{14,20}\\.[A-Za-z0-9+/=]{6,12}|[A-Za-z0-9]{16}\\b)',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `LINKEDIN_CLIENT_SECRET=${'r7QriL'}E6K8XdS2i7`,
    `{"linkedinSecret": "${'r7QEjp'}X8rhNPutvo"}`,
    `LinkedIn client secret is ${'r7Q0CF'}vhmyGAdeuH`,
    `LINKEDIN_CLIENT_SECRET = '${'r7QCqj'}jKALGmIyER'`,
  ],
  ignores: [
    'LINKEDIN_CLIENT_SECRET=process.env.LINKEDIN_CLIENT_SECRET',
    'LINKEDIN_CLIENT_SECRET=<your LinkedIn key>',
    `checksum=${'r7Qlg3'}W7DXMozoVi`,
    `LINKEDIN_CLIENT_SECRET=${'x'.repeat(16)}`,
    `LinkedIn answered in 120 ms, request ${'r7Qlg3'}W7DXMozoVi`,
    'linkedinSecret=r7QW0oQ',
  ],
});
