import { looksRandomMixed } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'azure-sas',
  family: 'secret',
  summary: 'Azure shared access signatures in addresses: sig= and a SHA-256, near the version, expiry or permissions.',
  tier: 'block',
  severity: 'high',
  confidence: 0.93,
  // learn.microsoft.com/rest/api/storageservices, "Create a service SAS": 32 bytes in base 64, which addresses carry URL-encoded.
  pattern: /\bsig=[A-Za-z0-9+/]{43}=/,
  check: looksRandomMixed,
  nearby: ['sv=20', 'se=20', 'sp=r', 'sr=', 'skn=', 'sharedaccesssignature'],
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `https://shop.blob.core.windows.net/c/f?sv=2023-11-03&se=2030-01-01&sr=b&sp=r&${'sig='}Ch7GQzkWrWMF5RmGwn4UtXdOn26D3YrMiqnp3uNWRrF=`,
    `SharedAccessSignature sr=shop.servicebus.windows.net&${'sig='}1G70QIkOLKt1ChvpOrB9baCNzhi80LwF3KYAdgdwKyA=&se=1893456000&skn=Root`,
    `?sp=rl&st=2024-01-01&se=2030-01-01&sv=2022-11-02&sr=c&${'sig='}aF7BQyk9A7xKsr6u89ou+Uu7YQzkks75/GY7EQ8kEH4=`,
    `"url":"https://x.queue.core.windows.net/q?se=2030-01-01T00%3A00Z&${'sig='}ge7FQpkUA4YHVH5m7g07nRl1jPHWfULHwpydxNlf2nz="`,
  ],
  ignores: [
    `https://example.org/pay?sig=${'AbC7'}JE7PQNktCEjFkPT6Rhsu2pWqTtA2wR2FvAfEUfm=`,
    '?sv=2023-11-03&se=2030-01-01&sr=b&sp=r&sig=<signature>',
    '?sv=2023-11-03&se=2030-01-01&sig=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=',
    'sig=c2hvcnQ=&sv=2023-11-03',
    `?sv=2023-11-03&design=${'q9Z7'}v77ZQdk4qhMW0FAVlzSGzZTO8N5Qbteq7t3DrY5=`,
  ],
});
