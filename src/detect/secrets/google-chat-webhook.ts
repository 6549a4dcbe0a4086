import { detector } from '../detector.ts';

export default detector({
  name: 'google-chat-webhook',
  family: 'secret',
  summary: 'Webhooks of Google Chat spaces with key and token.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern:
    /\bchat\.googleapis\.com\/v1\/spaces\/[A-Za-z0-9_-]{6,20}\/messages\?key=[A-Za-z0-9_-]{30,50}(?:&amp;|&)token=[A-Za-z0-9_%-]{30,60}/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `GOOGLE_CHAT_WEBHOOK=https://${'chat.googleapis.com/v1/spaces/AAA'}r7QX1e3j/messages?key=AIzavLBb_lFeJ032VlIIwLYEq_g69H1xYqaVkv4&token=ymS8JYZx44-7OcdYzlYgmSBKeJ8EVQYug2VQQfDDTqC`,
    `curl -d @m.json "https://${'chat.googleapis.com/v1/spaces/AAA'}r7Quu1ve/messages?key=AIzaCwbjWQQvm7tfPPs92HrD-VtgH8Ivt1siyck&token=s552uj_o6gKDfk5t7oOmj6anB2NglQfD_6LyAiskFOS"`,
    `{"url":"https://${'chat.googleapis.com/v1/spaces/AAA'}r7Q5Jx1F/messages?key=AIzazURZhlDeVE-3BvK1biUw-V8Zv78ORF7ZOmc&token=nwFvUS6rC4OpjwjlNLWHoL9rhcPzopNDz0AGJ0La74y"}`,
    `posts to https://${'chat.googleapis.com/v1/spaces/AAA'}r7Qzqw1m/messages?key=AIzahf024YhlvbmhmVHwd6rGTPtNKGudIHo_67z&token=HiclZuP-LcP1zvxKTGlvC3tG_Y4cityELJTno19jQxf daily`,
  ],
  ignores: [
    'https://chat.googleapis.com/v1/spaces/AAAAbCdEfGh/messages',
    'https://chat.googleapis.com/v1/spaces/SPACE_ID/messages?key=KEY&token=TOKEN',
    'https://developers.google.com/chat',
    'GOOGLE_CHAT_WEBHOOK=process.env.GOOGLE_CHAT_WEBHOOK',
    'google_chat_webhook: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
