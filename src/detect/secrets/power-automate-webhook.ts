import { detector } from '../detector.ts';

export default detector({
  name: 'power-automate-webhook',
  family: 'secret',
  summary: 'Triggers of Azure Logic Apps and Power Automate with their signature in the URL.',
  tier: 'block',
  severity: 'high',
  confidence: 0.97,
  pattern:
    /\b(?:logic\.azure\.com|api\.powerplatform\.com)(?::443)?\/[A-Za-z0-9/._-]{20,160}\?[A-Za-z0-9=&%./_-]{0,160}sig=[A-Za-z0-9_-]{40,48}/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `POWER_AUTOMATE_WEBHOOK=https://prod-12.westeurope.${'logic.azure.com:443/workflows/'}246f53f1decc233d4ce12e24eec33fac/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=gmMCZuWiSAvjgZyVsVpUIfLkvuEISkZau-qU1Wx-min`,
    `curl -d @card.json https://prod-01.${'logic.azure.com:443/workflows/'}7e1e15db2f8a75e147786e6574c0beae/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=TCRKmu20PE6COM7BVxeov-bEElWN2wW0AlHIEgVDEjD`,
    `{"url":"https://prod-77.${'logic.azure.com:443/workflows/'}7a5c8345691e29712eba4253c33349ff/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=jnJwWiSUQxVLeVmOHxplBn7pe5XfbmfIb1KvLNMux8P"}`,
    `posts to https://a.${'logic.azure.com:443/workflows/'}b2d32b40705a64cc3f27801383b7818c/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=Zu9PHLX6XvWKI7ATFEunKk3x6p3IOzqIbgQfOvaEu2Q daily`,
  ],
  ignores: [
    'https://prod-12.westeurope.logic.azure.com:443/workflows/',
    'https://learn.microsoft.com/azure/logic-apps',
    'logic.azure.com/workflows/0123456789abcdef0123456789abcdef?api-version=2016-06-01',
    'POWER_AUTOMATE_WEBHOOK=process.env.POWER_AUTOMATE_WEBHOOK',
    'power_automate_webhook: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
