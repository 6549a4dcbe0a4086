import { detector } from '../detector.ts';

export default detector({
  name: 'metadata-credentials',
  family: 'exfil',
  summary: 'A request for the credentials of the machine itself: IAM role keys, service account and managed identity tokens.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.95,
  pattern:
    /\b(?:169\.254\.169\.254\/(?:latest|20\d\d-\d\d-\d\d)\/(?:meta-data\/(?:iam\/|identity-credentials\/)|user-data|dynamic\/instance-identity)|169\.254\.170\.2(?:\/v[23])?\/credentials|169\.254\.169\.254\/metadata\/identity\/oauth2\/token|(?:169\.254\.169\.254|metadata\.google\.internal)\/computemetadata\/v1(?:beta1)?\/(?:instance\/service-accounts\/|instance\/attributes\/|project\/attributes\/)|100\.100\.100\.200\/latest\/meta-data\/ram\/security-credentials)/i,
  lanes: ['tool-arguments', 'tool-definition', 'other'],
  references: ['asi:ASI05', 'attack:T1552.005', 'cwe:918'],
  finds: [
    'curl http://169.254.169.254/latest/meta-data/iam/security-credentials/web',
    'http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token',
    'http://169.254.169.254/metadata/identity/oauth2/token?resource=x',
    'wget http://169.254.170.2/v2/credentials/1',
  ],
  ignores: [
    'http://169.254.169.254/latest/meta-data/placement/region',
    'http://metadata.google.internal/computeMetadata/v1/instance/zone',
    'the iam security-credentials page',
    '169.254.169.254',
    'http://192.0.2.1/latest/meta-data/iam/',
  ],
});
