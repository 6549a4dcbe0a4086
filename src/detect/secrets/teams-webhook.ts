import { detector } from '../detector.ts';

export default detector({
  name: 'teams-webhook',
  family: 'secret',
  summary: 'Incoming webhooks of Microsoft Teams, at their old hosts too, with both ids and the key.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern:
    /\b(?:webhook|outlook)\.office(?:365)?\.com\/webhookb?2?\/[0-9a-f-]{36}@[0-9a-f-]{36}\/IncomingWebhook\/[0-9a-f]{32}\/[0-9a-f-]{36}/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `https://outlook.${'office.com/webhook/'}48812d4a-1e9e-40a1-bede-40413efd4f5f@ce977903-0a18-4bbc-85cb-ed66da32069b/IncomingWebhook/ba7de7d5c5db80c3cf892afd08018c33/9c39f351-e15a-45d0-80da-0059c5a2f594`,
    `https://outlook.${'office365.com/webhook/'}48812d4a-1e9e-40a1-bede-40413efd4f5f@ce977903-0a18-4bbc-85cb-ed66da32069b/IncomingWebhook/ba7de7d5c5db80c3cf892afd08018c33/9c39f351-e15a-45d0-80da-0059c5a2f594`,
    `TEAMS_WEBHOOK=https://contoso.${'webhook.office.com/webhookb2/'}48812d4a-1e9e-40a1-bede-40413efd4f5f@ce977903-0a18-4bbc-85cb-ed66da32069b/IncomingWebhook/ba7de7d5c5db80c3cf892afd08018c33/9c39f351-e15a-45d0-80da-0059c5a2f594`,
    `curl -d @card.json https://outlook.${'webhook.office.com/webhookb2/'}4a4bcda1-b9c9-4f57-8164-793e006cb402@0beb83f9-f8c6-4ee0-9cb7-c1472bb6802d/IncomingWebhook/792a37972f027fef052824e1f7839fc0/1933c698-40c9-4145-b0ab-7dc2e14e3cf5`,
    `{"url":"https://a.${'webhook.office.com/webhookb2/'}d4d837a3-1d9f-4c76-9636-4de334e7d997@220fc504-bc1c-40b6-8f31-ddf4f8a96528/IncomingWebhook/4f63135b82092f9a42fa130561f88ade/c46e094b-894d-4c9e-83f7-55965d75f6fd"}`,
    `posts to https://contoso.${'webhook.office.com/webhookb2/'}1d724b83-7c30-4b93-9cb2-b1356b7241d5@1c56b05f-d322-465d-aeb6-85d02562fc2d/IncomingWebhook/53ed6ccb038f909e223e18381e537d12/5427319a-43df-437d-ae9a-54f054ba1692 daily`,
  ],
  ignores: [
    'https://contoso.webhook.office.com/webhookb2/',
    'https://contoso.webhook.office.com/webhookb2/<id>@<tenant>/IncomingWebhook/<key>/<user>',
    'https://outlook.office.com/mail/',
    'TEAMS_WEBHOOK=process.env.TEAMS_WEBHOOK',
    'teams_webhook: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
