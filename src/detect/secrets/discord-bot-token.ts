import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'discord-bot-token',
  family: 'secret',
  summary: "Discord bot tokens: the bot's id in base64, a time stamp and a signature.",
  tier: 'block',
  severity: 'critical',
  confidence: 0.98,
  pattern: /\b(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5]){5,6}(?:[MNO][A-Za-z0-9]{1,2})?\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `| DISCORD_TOKEN | ${'MTA4'}OzYyMDU0OTIxMjQ2OzY3.GV4Y2S.IDYTh_PSPZpQ1xJ-d1OaZan1kQlAEyOoO7Ab8Q |`,
    `DISCORD_TOKEN=${'NzE2'}ODEyNDQ5NzgwMjQ5MDE0.XSITJe.GIzgEj7GtLGicbpR1ZxGzge_NkE`,
    `discord_token: '${'MTA4'}OjczODIzNTk3OjUyNjAz.GsU8ZM.qh4mA6JQ4Em3Gp2cPfJwImTUF-iYoEdOaNw8Vi'`,
    `the key is ${'NzE2'}OjY1NzM3MTUyMTIyMzYz.XNEOTz.MVgILEp0LrLT9beL9AXfrcblOoD, please rotate it`,
  ],
  ignores: [
    'MTA4NjIxNzQ0OTc4OTM4ODgx',
    'com.example.Notification.MessageOfTheDay.abcdefghijklmnopqrstuvwxyzabc',
    'MjIxNzQ0.abcdef.ghijkl',
    'DISCORD_TOKEN=process.env.DISCORD_TOKEN',
    'discord_token: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
