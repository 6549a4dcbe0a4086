import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'midtrans-key',
  family: 'secret',
  summary: 'Midtrans server keys: Mid-server- and 24 characters.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // docs.midtrans.com; keys of pages are Mid-client-.
  pattern: /\bMid-server-[A-Za-z0-9_-]{23}(?:\w\b|-\B)/,
  check: looksRandomMixed,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `MIDTRANS_SERVER_KEY=${'Mid-server-'}OSfVdw4Y4Imn5my9HdBVRVW9`,
    `{"token":"${'Mid-server-'}IvWqhjtB2cCuSe4mwsLixvK9"}`,
    `my Midtrans key is ${'Mid-server-'}aTDamy4NcWEc39lVU3x5VCl8, what do I do with it?`,
    `client = Client('${'Mid-server-'}Ew2HM98bSlgYUQz6AHeiHB2K')`,
  ],
  ignores: [
    `${'Mid-server-'}DycpuUgy`,
    `${'Mid-server-'}000000000000000000000000`,
    `q${'Mid-server-'}IqeIEAKMDbz5MCeg6v57D4iw`,
    'a key of Midtrans begins with Mid-server- and is kept in the vault',
    'MIDTRANS_SERVER_KEY=<your Midtrans key>',
  ],
});
