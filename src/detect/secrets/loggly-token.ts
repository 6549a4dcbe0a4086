import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'loggly-token',
  family: 'secret',
  summary: 'Tokens of Loggly, Logz.io, Logentries, Mezmo and Papertrail, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment(
    '(?:loggly|logz(?:[ ._-]?io)?|logentries|logdna|mezmo|papertrail|coralogix)[\\w .-]{0,16}(?:token|key)',
    '\\b(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|[A-Za-z0-9]{20})\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `LOGGLY_TOKEN=${'0a515f'}ff-15ea-4148-ba43-c7a9f05bec31`,
    `{"logdnaIngestionKey": "${'e1f8b7'}77-f258-4b66-87f6-76117c155004"}`,
    `Mezmo ingestion key is ${'1e03a5'}62-0703-4c4c-9d56-63ffccb6dad0`,
    `LOGZIO_SHIPPING_TOKEN = '${'126531'}54-69b5-496c-988b-7ca1a147cff3'`,
  ],
  ignores: [
    'LOGGLY_TOKEN=process.env.LOGGLY_TOKEN',
    'LOGGLY_TOKEN=<your Loggly key>',
    `checksum=${'3952f2'}a9-8839-4cf8-b36d-829ab2946aff`,
    `LOGGLY_TOKEN=${'x'.repeat(36)}`,
    `Loggly answered in 120 ms, request ${'3952f2'}a9-8839-4cf8-b36d-829ab2946aff`,
    'logdnaIngestionKey=fbb8a7af-b48e-46c',
  ],
});
