import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'frameio-token',
  family: 'secret',
  summary: 'Frame.io developer tokens: fio-u- and 64 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bfio-u-[A-Za-z0-9_=-]{64}/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `the key is ${'fio-u-'}16pPArUNKnJksLYgBh0hlqyHF8PpGMRMPdvMQSlq5w05w_DJgXocc8wdFEd6JPW7, please rotate it`,
    `FRAMEIO_TOKEN=${'fio-u-'}H_ArlzuF9bG4A-vP6RTnHTJgoz_gwqQQ1-mXx1leAwKC587fDlVFUhxqMWlMZZwb`,
    `frameio_token: '${'fio-u-'}hBt347kFcJYV8QVFia3LLKCnYD5ig9l6uaryqwRhU9x7aCxAtQjR4prOgCG6y1OR'`,
    `{"token":"${'fio-u-'}i0_DeCZnJ2F81CzmFYC0hiK73eLpVEt4H-t_Z0FjiCACuSWjb1oPg8zxb1Xn4hPV"}`,
  ],
  ignores: [
    `${'fio-u-'}fpw99K4EKBuyVxt`,
    `x${'fio-u-'}fpw99K4EKBuyVxt3FLEeoo4pGYSjhiOocWdw_k_POKYbTfEkmUdZk6jfoeUZ6k6S`,
    `${'fio-u-'}${'x'.repeat(64)}`,
    'fio-u- is how such a token begins',
    'FRAMEIO_TOKEN=process.env.FRAMEIO_TOKEN',
    'frameio_token: <your token>',
  ],
});
