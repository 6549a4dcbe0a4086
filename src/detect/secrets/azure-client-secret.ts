import { isDigit } from '../checks/digits.ts';
import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'azure-client-secret',
  family: 'secret',
  summary: 'Microsoft Entra (Azure AD) application secrets: 3 characters, a digit, Q~ and 31 to 34 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.97,
  // learn.microsoft.com/entra, "Client secrets": 40 characters with a version digit and Q~ behind it. The four characters before Q~ are
  // looked at, not matched: every word would be their beginning.
  pattern: /Q~[A-Za-z0-9_.~-]{30,33}(?:\w\b|[~.-]\B)/,
  check: isClientSecret,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `AZURE_CLIENT_SECRET=Y6L8${'Q~'}sL7AQ1kked9tNCDtgITW2xUWIRFwM2HUjz`,
    `"client_secret": ".kP7${'Q~'}eR73QZkM0Vifq0LtHdHRcsMe_p4Zlo-KqZ"`,
    `clientSecret: Uor8${'Q~'}ew7FQ7kashMOtMxI~2y7KQRkZ.eq7MQ7kp`,
    `<value>SLV8${'Q~'}r27qQPk0cac2G5QvtgwXB0z-b38eQCW</value>`,
  ],
  ignores: [
    `kcx8${'Q~'}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    `Qh58${'Q~'}Hm7uQBkEhAYH`,
    '~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~',
    'client_secret=<application secret>',
    `GjE8${'Q-'}Rt75QokHTDcNZmOmEtYPc58iUeCqsMZAGS`,
    'see chapter 3Q~ of the report',
  ],
});

const LEAD_LENGTH = 4;
const NEVER_INSIDE = ' \t\r\n"\'=:>/,(';

/** The check of a candidate: random, and behind four characters of the same alphabet, the last a digit. */
function isClientSecret(candidate: string, before: string): boolean {
  if (before.length < LEAD_LENGTH || !isDigit(before.charCodeAt(before.length - 1))) return false;
  const lead = [...before.slice(-LEAD_LENGTH)];
  return !lead.some((character) => NEVER_INSIDE.includes(character)) && looksRandom(candidate);
}
