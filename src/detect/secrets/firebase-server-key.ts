import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'firebase-server-key',
  family: 'secret',
  summary: 'Firebase Cloud Messaging server keys: AAAA, 7 characters, a colon and APA91b with 134 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.97,
  // firebase.google.com/docs/cloud-messaging/auth-server, legacy server keys. Found by the beginning.
  pattern: /\bAAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{100}/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `FCM_SERVER_KEY=${'AAAA'}ytdba34:APA91bAfZzE7vV8yUnNjWCTgtroXS7Qqk7zYM5Sewu4wHoKVPSgL_G3wp0lNJzN1l64DwvYXhWRWcLovFNZikFUhEd1M9-eW9uCkFHfNvBV3gRpGX3DtB2P-SaRUpFurXw64K0tWdihe`,
    `{"token":"${'AAAA'}nhOc3o9:APA91b0hcuDmTEt6X2ivpHatsUj4RWQfTYddDRl64CA5MUcFQ5EbJ3peyfHHlSYURWHLZ45F7Gd_bNhNuUfkqVZPOJZWfOXPcyo4l4s9Ik3Evl4HSJh2OoOfW3ZW6epPIs23_5Y4Riz8"}`,
    `my Firebase key is ${'AAAA'}ycC73kF:APA91bit-eM1ygqu3E7JcQahV5sZKMeOMGNCGmDVjiAWu4nw51qPMxFaxp_vK3m5diEbsTjoX71c2tPuS1DatPR7gExo2qOE1QHROyoGZ4vLONy1ekndzUdYowhvxA3nxgozXdXVYZqv, what do I do with it?`,
    `client = Client('${'AAAA'}nPh37pc:APA91bP8bgdGnZTANjCxCqvFYcYCuk1Dhw4F2X2o1gSuVqvZ-QLg4e2HzjfvABxDHg0fNXQMJT-_fGhACERIyipZD3n_fKUOO59FmWSGEO4bqaadgqliGLHoQDCzvy_zBxRVuRlpe2uE')`,
  ],
  ignores: [
    `${'AAAA'}Z4JjmKs:APA91bCRRdU_-zrzfkQ4YiWyaCFvmDHWtz26_p2vS`,
    `${'AAAA'}0000000:00000000000_-00000000000000000000000_000000000000000000000000000000000000000000000000000000000000000-000000000000000000000000000000000000000`,
    `q${'AAAA'}iX8dJ4Y:APA91btdWtv6pSK7-vMWPJEL339HttFCvjdD_UleGCZ6IIZsF-vKZ3290APemy7PP2shffH9dC490lQ_D-8XmQlUQDXMHIFaHP1hsoMiHbvRvorzEbTHH2Jr76metW4U0nQcrIIZK5sL`,
    'a key of Firebase begins with AAAA and is kept in the vault',
    'FCM_SERVER_KEY=<your Firebase key>',
  ],
});
