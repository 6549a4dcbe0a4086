import { detector } from '../detector.ts';

export default detector({
  name: 'cloud-metadata',
  family: 'exfil',
  summary: 'The metadata service of a cloud machine, which hands out its credentials: 169.254.169.254 and its other spellings.',
  tier: 'flag',
  severity: 'high',
  confidence: 0.85,
  pattern: new RegExp(
    [
      '\\b169\\.254\\.169\\.254\\b',
      '\\b169\\.254\\.170\\.2\\b',
      '\\b100\\.100\\.100\\.200/latest\\b',
      '\\bfd00:ec2::254\\b',
      // The same address as one number, in hex, octal and embedded in IPv6; none of them occurs by chance.
      '//(?:2852039166|0xa9fea9fe|0xa9\\.0xfe\\.0xa9\\.0xfe|0251\\.0376\\.0251\\.0376|\\[::ffff:(?:a9fe:a9fe|169\\.254\\.169\\.254)\\])',
      '\\bmetadata\\.google\\.internal\\b',
      '\\bmetadata\\.(?:azure\\.internal|tencentyun\\.com)\\b',
    ].join('|'),
    'i',
  ),
  lanes: ['tool-arguments', 'tool-definition', 'tool-result', 'document', 'other'],
  references: ['asi:ASI05', 'attack:T1552.005', 'cwe:918'],
  finds: [
    'curl http://169.254.169.254/latest/meta-data/',
    '{"url":"http://metadata.google.internal/computeMetadata/v1/"}',
    'fetch http://2852039166/latest',
    'GET http://[::ffff:a9fe:a9fe]/',
    'http://100.100.100.200/latest/meta-data/ram',
  ],
  ignores: [
    'ping 169.254.1.1',
    'the metadata of the picture',
    'version 169.254.169.25',
    'order 2852039166',
    'http://metadata.example.com/',
    '10.169.254.169',
  ],
});
