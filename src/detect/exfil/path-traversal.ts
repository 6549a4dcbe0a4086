import { detector } from '../detector.ts';

export default detector({
  name: 'path-traversal',
  family: 'exfil',
  summary: 'Paths that climb out of their folder to system files, encoded steps up, null bytes; relative imports pass.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.8,
  pattern: new RegExp(
    [
      '(?:\\.\\.[/\\\\]{1,2}){2,20}(?:etc|root|proc|var/(?:log|run|www)|windows|winnt|boot\\.ini|home|users|\\.ssh|\\.aws|\\.env|usr|dev|sys)\\b',
      '(?:\\.\\.[/\\\\]{1,2}){6,40}',
      '(?:(?:\\.|%2e){2}(?:%2f|%5c|%252f|%255c|%c0%af|/|\\\\)){0,6}(?:\\.|%2e){2}(?:%2f|%5c|%252f|%255c|%c0%af)(?:(?:\\.|%2e){2}|etc|windows|proc|root)',
      '(?:\\.\\.\\.\\.//|\\.\\.;/){2,20}',
      '\\bfile:/{2,3}(?:etc|proc|root|home|c:/windows|users)\\b',
      '\\b(?:php://(?:filter|input)|expect://|gopher://|dict://|jar:http)',
      '%00(?:\\.[a-z]{2,5})?(?:$|["\'&\\s])',
    ].join('|'),
    'i',
  ),
  lanes: ['tool-arguments', 'query', 'other'],
  references: ['asi:ASI05', 'cwe:22'],
  finds: [
    '{"path":"../../../etc/hosts"}',
    '..%2f..%2fetc',
    '{"url":"file:///etc/hosts"}',
    '..\\..\\windows\\win.ini',
    'php://filter/convert.base64-encode/resource=index',
    '../../../../../../../../x',
  ],
  ignores: [
    "import { a } from '../../../lib/a.ts'",
    '{"path":"../README.md"}',
    'cd ../..',
    '../../src/etcetera.ts',
    'file://docs/a.txt',
    'wait... etc.',
  ],
});
