import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'travis-token',
  family: 'secret',
  summary: 'Travis CI API tokens, by the name of the service: 20 to 22 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  // developer.travis-ci.com, "Authentication".
  pattern: assignment('travis[\\w .-]{0,12}(?:token|key|secret)', '[A-Za-z0-9_-]{19,21}(?:\\w\\b|-\\B)'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `TRAVIS_TOKEN=${'mu7e'}QgkvPYwUXCqDtFP2J2`,
    `{"travisToken": "${'l17X'}Q3kAuq4TxEFyXqRmnK"}`,
    `export TRAVIS_TOKEN='${'bI7p'}QCkuWiD2inT94BkFlb'; make deploy`,
    `travis_token: ${'rk7b'}QykBkjpglTdOzrbdA8\nregion: eu`,
  ],
  ignores: [
    'TRAVIS_TOKEN=process.env.TRAVIS_TOKEN',
    'TRAVIS_TOKEN=<your Travis CI key>',
    `checksum=${'LY7B'}QsknJhQzYXEAOWYLas`,
    'TRAVIS_TOKEN=xxxxxxxxxxxxxxxxxxxxxx',
    `Travis CI answered in 120 ms, request ${'AQ7q'}Qpk0aaufXfsnxoq3Jg`,
    'travisToken=iX7hQFkIOfCD',
  ],
});
