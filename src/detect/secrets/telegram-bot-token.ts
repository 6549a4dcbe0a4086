import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'telegram-bot-token',
  family: 'secret',
  summary: 'Telegram bot tokens: the id of the bot, a colon and 35 characters that begin with AA.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  pattern: /(?:\b|\/bot)\d{8,10}:AA[A-Za-z0-9_-]{33}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `Authorization: Bearer ${'623161'}7887:AAYF5k1dxLlUes6PETs0itYLxAME4gTvCEA`,
    `the key is ${'975126'}519:AA4cKDf0JdWjxludDifCyHnmIJzdJtCir2g, please rotate it`,
    `| TELEGRAM_BOT_TOKEN | ${'558150'}6026:AATjGMrlYAHOFty-owAPwOImnzNKBM8jkun |`,
    `curl https://api.telegram.org/bot${'563675'}789:AARwdLP38b1roH-Y_5oKadtNYhKsTv70o08/getMe`,
    `export TELEGRAM_BOT_TOKEN="${'465985'}683:AAqhdJBbhnDJgXDliOP0eLzqwpYcBbnS7hp"`,
  ],
  ignores: [
    '1234567890:AAshort',
    '12:30:45 AAPL 1234567890',
    '1234567890:ABcdefghijklmnopqrstuvwxyz012345678',
    'TELEGRAM_BOT_TOKEN=process.env.TELEGRAM_BOT_TOKEN',
    'telegram_bot_token: <your token>',
    'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  ],
});
