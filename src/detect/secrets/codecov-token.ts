import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'codecov-token',
  family: 'secret',
  summary: 'Upload tokens of Codecov, Codacy, Coveralls and Code Climate, by the name of the service.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.94,
  // docs.codecov.com and the others: they allow writing reports, not reading code.
  pattern: assignment(
    '(?:codecov|codacy|coveralls|code[_ .-]?climate)[\\w .-]{0,12}(?:token|key|id)',
    '\\b(?:[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}|[a-f0-9]{32}|[a-f0-9]{64}|[A-Za-z0-9]{33})\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `CODECOV_TOKEN=${'e8f6'}54f1-1065-412e-a5d3-3f7164356159`,
    `{"codecovToken": "${'78a3'}6a8f-c652-4302-a72d-353702344e4d"}`,
    `export CODECOV_TOKEN='${'e100'}cc3b-f3e7-4ed6-a6e6-89f17720b2b1'; make deploy`,
    `codecov_token: ${'cc62'}175c-89fd-45db-a493-8763e80decd6\nregion: eu`,
  ],
  ignores: [
    'CODECOV_TOKEN=process.env.CODECOV_TOKEN',
    'CODECOV_TOKEN=<your Codecov key>',
    `checksum=${'adb3'}3808-57b1-4a9a-ac78-1a688a9b1b35`,
    'CODECOV_TOKEN=00000000-0000-0000-0000-000000000000',
    `Codecov answered in 120 ms, request ${'24ec'}a2e5-ee6c-42e1-a851-4c076c49ee1f`,
    'codecovToken=c5032a3b-c766-4abc-8abc-9d7990e9c1',
  ],
});
