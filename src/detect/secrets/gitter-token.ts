import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'gitter-token',
  family: 'secret',
  summary: 'Gitter access tokens, by the name of the service: 40 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.88,
  pattern: assignment('\\bgitter[\\w .-]{0,12}(?:key|token|secret)', '\\b[a-z0-9_-]{40}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `GITTER_ACCESS_TOKEN=${'gz8tzu'}9okxtrpnrxr940bb310apmzc3xk4z8ktgr`,
    `{"gitterToken": "${'l9b9jq'}wvulj3iv68s3zm6g2jpyx2ydufkh6j7qf5"}`,
    `Gitter token is ${'d1y688'}u0sgezg0s632byx98mlqli9lofux6cgmrs`,
    `GITTER_ACCESS_TOKEN = '${'ckqco0'}g45pl4xbscdpgx6ak1qiudl61bwa17h5jn'`,
  ],
  ignores: [
    'GITTER_ACCESS_TOKEN=process.env.GITTER_ACCESS_TOKEN',
    'GITTER_ACCESS_TOKEN=<your Gitter key>',
    `checksum=${'7iku6c'}xvly362f06wlorqp7o20qoxbtjcw3l1rxu`,
    `GITTER_ACCESS_TOKEN=${'x'.repeat(40)}`,
    `Gitter answered in 120 ms, request ${'7iku6c'}xvly362f06wlorqp7o20qoxbtjcw3l1rxu`,
    'gitterToken=7iku6cxvl',
  ],
});
