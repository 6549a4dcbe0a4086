import { assignment } from '../assignment.ts';
import { shannonBits } from '../checks/entropy.ts';
import { isPlaceholder } from '../checks/placeholder.ts';
import { detector } from '../detector.ts';

const NAME = 'secret[_ .-]?access[_ .-]?key|aws[_ .-]?secret[_ .-]?key';
const VALUE = '[A-Za-z0-9/+]{39}(?:[A-Za-z0-9]\\b|[/+]\\B)';
/** What stands between name and value where nothing assigns: `aws configure set`, the prompts of `aws configure`, Dockerfiles. */
const GIVEN = 'secret[_ ]access[_ ]key(?: \\[[\\w*]{0,24}\\]: ?| ["\']?)';

export default detector({
  name: 'aws-secret-key',
  family: 'secret',
  summary: 'AWS secret access keys, by their name: 40 characters in base 64.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.97,
  // docs.aws.amazon.com/IAM: a secret has no prefix; the name is what its SDKs and files give it.
  pattern: new RegExp(`${assignment(NAME, VALUE).source}|${GIVEN}${VALUE}`, 'i'),
  check: (candidate) => isRandomSecret(candidate.slice(-SECRET_UNITS)),
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `aws configure set aws_secret_access_key ${'Px7N'}QXkLTewR6OCZgKIPSSuJK0jc0R4/FQ6MFdyb`,
    `AWS Secret Access Key [None]: ${'YK7f'}QYk9e3R4bVN5B8JAluLnXcCXj8FqYUNQGR+Y`,
    `ENV AWS_SECRET_ACCESS_KEY ${'1I7K'}QUkqeBD5zqxG6CF9Ps0Kl+gZpFeF+NZdze96`,
    `AWS_SECRET_ACCESS_KEY=${'YK7f'}QYk9e3R4bVN5B8JAluLnXcCXj8FqYUNQGR+Y`,
    `{"secretAccessKey": "${'Px7N'}QXkLTewR6OCZgKIPSSuJK0jc0R4/FQ6MFdyb"}`,
    `export AWS_SECRET_ACCESS_KEY='${'zu7k'}QDkRE/grV7wlxJ3+bLGgBQoRZK9suJXMzsca'; make deploy`,
    `aws_secret_access_key: ${'1I7K'}QUkqeBD5zqxG6CF9Ps0Kl+gZpFeF+NZdze96\nregion: eu`,
  ],
  ignores: [
    'AWS Secret Access Key [None]: <your key>',
    'aws configure set aws_secret_access_key $AWS_SECRET_ACCESS_KEY',
    'AWS_SECRET_ACCESS_KEY=process.env.AWS_SECRET_ACCESS_KEY',
    'AWS_SECRET_ACCESS_KEY=<your AWS key>',
    `checksum=${'uP72'}QakmNrBjJYpPs/POqzJvYcIurOSjiQ/ob6V6`,
    'AWS_SECRET_ACCESS_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `AWS answered in 120 ms, request ${'oQ7l'}QXkjQpODbW9zllK6PtbNH7g+HW/jG249o1IR`,
    `secretAccessKey=${'e17F'}Q0k2J943iFCbCwR6l8ZZdiGX9CK3jq5n5`,
  ],
});

const SECRET_UNITS = 40;
/** Of random texts of 40 characters in base 64 none in a million has less. */
const BITS_MIN = 3;

function isRandomSecret(value: string): boolean {
  return !isPlaceholder(value) && shannonBits(value) >= BITS_MIN;
}
