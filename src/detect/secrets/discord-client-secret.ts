import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'discord-client-secret',
  family: 'secret',
  summary: 'Discord client secrets, by the name of the service: 32 characters.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment('discord[\\w .-]{0,12}secret', '\\b[A-Za-z0-9_-]{32}\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `DISCORD_CLIENT_SECRET=${'r7QLQZ'}FdwtSLjXkvwF7gBdsKD9cOIISZ`,
    `{"discordClientSecret": "${'r7Qxg0'}KvBpYMpRgiqlQujEIAtxbqKlXA"}`,
    `Discord client secret is ${'r7QzRg'}g92HhIdPX2VoNqVDwFSxUKBLy4`,
    `DISCORD_CLIENT_SECRET = '${'r7QaPR'}f6FTFoJEGhGIVGhsV51AFWdXnR'`,
  ],
  ignores: [
    'DISCORD_CLIENT_SECRET=process.env.DISCORD_CLIENT_SECRET',
    'DISCORD_CLIENT_SECRET=<your Discord key>',
    `checksum=${'r7QJ6a'}8hHyZTSWmxSUsbp7K4uyOvDKWi`,
    `DISCORD_CLIENT_SECRET=${'x'.repeat(32)}`,
    `Discord answered in 120 ms, request ${'r7QJ6a'}8hHyZTSWmxSUsbp7K4uyOvDKWi`,
    'discordClientSecret=r7QtXEGq3S5dnzP',
  ],
});
