import { detector } from '../detector.ts';

export default detector({
  name: 'cloudflare-origin-ca-key',
  family: 'secret',
  summary: 'Cloudflare Origin CA keys: v1.0- with 24 and 146 hexadecimal digits.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // Cloudflare docs, "Origin CA keys".
  pattern: /\bv1\.0-[a-f0-9]{24}-[a-f0-9]{146}\b/,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `CLOUDFLARE_API_USER_SERVICE_KEY=${'v1.0-'}f34c197e455726e87be5bd67-${'4352'}82222dc27081a8f044a147f2617507dc2f0d7eb10e9357de66d0b18ae845db520a5c67791da1ab70288012f4f0805af6a79af1b4bc3ac32db09235f861ed1bcb0c005f56d59fcf`,
    `{"token":"${'v1.0-'}b0576463011a3fd259dcf27d-${'cf7d'}73bec1bc18b7c122a56a0679870322595a3efb12f54a54cc9b5a49989637fa8b42db235d78c9b76fdc88d33d3b6cf2e835205d06b9186788161d9092a6ed5020f4efef87284dd7"}`,
    `my Cloudflare key is ${'v1.0-'}472c4672fca65c64fc4eba9f-${'9755'}bc1625b1b2e61d04adc39d1f72c79582c3c83cd7b89fbd3dd9ad3a061cd2bc47ec9dd7be20257bd6911a539eff15a17ebe79da25ea210ab693e69fffe0fa901e00769ecc507150, what do I do with it?`,
    `client = Client("${'v1.0-'}fb29094fb75870daba747824-${'986e'}485f0cd247219f8ac7559e706792457e34717b135f3c11469fd1c052c53937c8ec7d9b061bff282c665b7d5bc42a4cd254e1648368a5574ec82935d6c3229efa08a642bc627b36")`,
    `(${'v1.0-'}4afade13250f50315a264fb1-${'08a4'}4e6e72cd1b5fe690b29d099951e958f803d76200d50c859d0fa05fd01ef6e49820684bc733fd267a8f6be7513589f0012ca1a1ea783fb144118cf8afbe1ed05c4ae40dc27607d0)`,
  ],
  ignores: [
    `${'v1.0-'}79de6b2e17c912f42003adab44d63827a070f4f40f049148f8e31b3e92bc94db3f894f71cdeb1dc2edfcecc2c7136667e71e2a71612cbbc906f81bb47b41e9229fa11454c8e97de25cf11a1b1e34ef861d6d68f90d`,
    `a${'v1.0-'}2876cccea68891878415e132-${'7850'}efb6be2e9adf0bcfcc5fb19c4c862ae8bb51c64dbaa361ccd9348d4fcc3bbe78f53fa538f3c582d6467a093a05fc6955e94681db78c996abe01aedc070dc46891de1beb39187f7`,
    'tokens of Cloudflare begin with v1.0- and are kept in the vault',
    'CLOUDFLARE_API_USER_SERVICE_KEY=<your Cloudflare key>',
    'CLOUDFLARE_API_USER_SERVICE_KEY=$(vault kv get -field=token secret/ci)',
    'v1.0-beta and v1.0-rc1 are out',
  ],
});
