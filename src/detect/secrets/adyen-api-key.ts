import { detector } from '../detector.ts';

export default detector({
  name: 'adyen-api-key',
  family: 'secret',
  summary: 'Adyen API keys: AQE, the ciphertext in base64, its tag and a short part of any characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern: /\bAQE[a-z]hm[A-Za-z0-9+/]{50,130}={0,2}-[A-Za-z0-9+/]{40,48}={0,2}-[!-~]{8,24}/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `ADYEN_API_KEY=${'AQEyhm'}l/iUHrWC59Z9bUP8sdrLvmmDyXzRrWq7lI/snLuetLcfDUjrmVDoiAn0dDBTZ4VWhLSWJgr12+pAfYJZIHLye==-PiGst/2pYnKukEx8+enUXMrXOa9zkJMXFGvTWFyAMTI=-r7QZeuxDAWH0WtIL`,
    `X-API-Key: ${'AQEzhm'}sjAUj+bFRj8v9Avfv4yYMCbyRcWC50JXiZH+CEUHIWEzawa+vi5HBCbo3Qok7W2rBa=-hLOOx0UBpelCEMwb+1heECp+De8UpjaHIyh6p51U16e=-r7QQXJpMnBzKdWXV`,
    `the key is ${'AQEyhm'}lQwo+AECVuViToz9/dRNvLf1uftki6y0POC9sNZd3CLjzB63+xVC97/Ya6INn3b1Qrcu95FQn/6q3vqRxDgN6==-MBNjAV4jM+5VnZ5Qi+T2cZ95mX9C/NBVgkupX3WOzNV=-r7Q7SkECqI5qjrdr please`,
    `ADYEN_API_KEY: ${'AQEzhm'}tmlJV7uwwhDnBf+EW7yCxUvQZqsRihM0KQiEwLKDDhhGdpJv6Mk8wwPrOkNP7wQo10=-3m0uae7vUrXRgRWCOYLoKY/BONM/+EuDQiPMChU4Z1k=-r7QbveDqYULnhfr3`,
  ],
  ignores: [
    `${'AQEyhm'}5N9l1dgJiIUk8+gJRWjpDa3pvA+4mIYsGTi3`,
    `x${'AQEyhm'}5N9l1dgJiIUk8+gJRWjpDa3pvA+4mIYsGTi358PffeQQulkx8HrEb4kXIuKtxC5aCJ/LJqLOHfrJHqkz1qG7B==-672nPXV7wnS7qYKroIQp/9M0GVCh7MJTCvmWcNcaAL1=-r7Q15ijei6gZE5Nb`,
    'AQEyhm is how such a token begins',
    'ADYEN_API_KEY=process.env.ADYEN_API_KEY',
    'adyen_api_key: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
