import { detector } from '../detector.ts';

export default detector({
  name: 'discord-webhook',
  family: 'secret',
  summary: 'Discord webhook URLs with their token.',
  tier: 'block',
  severity: 'high',
  confidence: 0.99,
  pattern: /\bdiscord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{17,20}\/[A-Za-z0-9_-]{60,72}/,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `DISCORD_WEBHOOK=https://${'discord.com/api/webhooks/'}363235981723527552/73ica6AL0a5rCerAK5KEWMn51suRvRmwYgRqq20TcKIHWGuv9kWFfB9Ri5SORBRtyhAz`,
    `curl -X POST https://${'discordapp.com/api/webhooks/'}5654288858989766407/glfRBWjkHyjlXG52-Gyq7K6CAx7ULLgkMLfVzIV7Bw2QuryJDo2wYk4p2fbzpsT3nRY4`,
    `{"webhook":"https://ptb.${'discord.com/api/webhooks/'}754518268023725787/iswr9PEqRAkqJJwnkTIWrQWDgLDg-nt_pvZy5nK_csOOV694jajb_QXNs_VBYZWQllgs"}`,
    `posts to https://${'discordapp.com/api/webhooks/'}2536360024223047032/TlG1u309fnUD0avdOppMivkdOC9-lHKUSU86MOY3NgeM503VYAkflh8mdvPxljWVrhQv.`,
  ],
  ignores: [
    'https://discord.com/api/webhooks/',
    'https://discord.com/api/webhooks/123456789012345678/<token>',
    'https://discord.com/channels/123456789012345678/223456789012345678',
    'DISCORD_WEBHOOK=process.env.DISCORD_WEBHOOK',
    'discord_webhook: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
