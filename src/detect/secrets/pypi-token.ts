import { detector } from '../detector.ts';

export default detector({
  name: 'pypi-token',
  family: 'secret',
  summary: 'PyPI and TestPyPI upload tokens: a macaroon that names its site behind pypi-.',
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  // PyPI's help page: a macaroon in base64url; the fixed part is its version and its location.
  pattern: /\bpypi-(?:AgEIcHlwaS5vcmc|AgENdGVzdC5weXBpLm9yZw)[A-Za-z0-9_-]{50,1000}/,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `TWINE_PASSWORD="${'pypi-AgEIcHlwaS5vcmc'}6w7mQEkKEkKYyD0fkZTffaq0Mbc9Ee6eh8gMIcE0xMduyKtlfpuv7i6kZh0YR5KgvzcnwYovkPsyYk_yYuM2fuyNwW1KTZoafqCrEdfacbN5c9NEwY8LO1zW-vugBtCE3wBurcVlVLjc"`,
    `{"token":"${'pypi-AgEIcHlwaS5vcmc'}4D7fQJkW5bGJ2g_3_m60KSuVzzuga7HlM0AkNX1HAKfWM6brmheSY3IHzHETOCYnHMdJqWtG5jCwU6zXjdnh6LeA4CRsyZ-gtFFhFSjmfiEZB52LFGtwGKKu74wbFWlHyAbh1F1RU6MK"}`,
    `my PyPI key is ${'pypi-AgEIcHlwaS5vcmc'}3_7kQrkhnUVfxLwmH8_7dRa01uhnyxVbykps43bbx6bztmHHzAqlAz8PWjGBm2b5aVMy0w7lOSLoinxZSlt9U8XXEpDwv9kTDtIzCEYVWguA6QQXlEVjUGTrExOR6H35zlWYW8vFULjB, what do I do with it?`,
    `client = Client("${'pypi-AgEIcHlwaS5vcmc'}D47uQ7kvnmV71aUsyy41mOPPESsHM0ps9BRoO3GfNJHqapsRH8oQx9OyGH9iwYZC0Pr3jyBxvmgpOJmKyFyKcGgwKVqPFWoSNga_aF7UDYPugHNyPF-xsXk1GY-5s4r2wfqeYT5pTsf4")`,
    `${'pypi-AgEIcHlwaS5vcmc'}tl78QrkmB1CS1JrZIvZ-YoMLJwwz2cA4G2I1qTu_2gN7TD4m53K9EFnsfPOrarewG5km3gR9kmKqtHh8LFwgQRYdDC5o31WekCZALB8QIu3947WFYv46UteMJmEsue5Tj_d-OaYgROfE`,
    `password = ${'pypi-AgENdGVzdC5weXBpLm9yZw'}e07fQxkmkiCUrsvxMUaBvUlpvdeDe4Gl-absvX8ZscYbGRJ-ExWeZme8cbh-Ns999WpA81QGhLx4bGe0BSxVdfiESWvZR6Fre_extZFwCUB0xF_j9VoDvQJT8QI1B6ARg9a2upJepOJy`,
  ],
  ignores: [
    `${'pypi-AgEIcHlwaS5vcmc'}gE7iQDk83hX53t4N-w4AjWsMJnlZXP`,
    `a${'pypi-AgEIcHlwaS5vcmc'}w-7sQykyJQP8AVz9A_ozeYH7Zt106TRU4YaQBqd5jFNWcKiPNJoF4hBZ02o3nKljh3HISBlH-m1A0OhVxRw77wn2RbWrfJMzjTMtkpJC8fXkxSzBO23JmU8FCI4e_w8-_wz7nHxo1M8b`,
    'tokens of PyPI begin with pypi-AgEIcHlwaS5vcmc and are kept in the vault',
    'TWINE_PASSWORD=<your PyPI key>',
    'TWINE_PASSWORD=$(vault kv get -field=token secret/ci)',
  ],
});
