import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'cloudflare-legacy-token',
  family: 'secret',
  summary: 'Cloudflare API tokens and global keys without a prefix, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.94,
  // Cloudflare docs: 40 characters (token) and 37 hexadecimal digits (global key), before prefixes came.
  pattern: assignment('(?:cloudflare|\\bcf_api)[\\w .-]{0,12}(?:key|token)', '\\b(?:[A-Za-z0-9_-]{40}|[a-f0-9]{37})\\b'),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `CLOUDFLARE_API_TOKEN=${'gV7W'}QikiL9xomUaBEMC2fx3FVimfiBRQbmD35ccf`,
    `{"cloudflareApiKey": "${'ls7b'}QRkx506Zsp3BNefCq6ZROlTH689gHDvsmHTU"}`,
    `export CLOUDFLARE_API_TOKEN='${'la7P'}QOkPdgfODTCpRAmVW0pM7MSxMrtBFkTOaTrX'; make deploy`,
    `cloudflare_api_token: ${'nk7f'}QpkHvVadkduSjWQGfnn21m1KAUnzZmJ1M9v9\nregion: eu`,
    `X-Auth-Key of Cloudflare key: ${'6187'}08198f72e14b5361fab35b989d3ae311a`,
  ],
  ignores: [
    'CLOUDFLARE_API_TOKEN=process.env.CLOUDFLARE_API_TOKEN',
    'CLOUDFLARE_API_TOKEN=<your Cloudflare key>',
    `checksum=${'bO7q'}Q6kGZB9KEmGbdN59S9Oku4WgkBCMEH0eE3AM`,
    'CLOUDFLARE_API_TOKEN=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    `Cloudflare answered in 120 ms, request ${'zm7R'}QCkO0OAvSDJui5buIvNxBECeZNTUiVJKDIaw`,
    `cloudflareApiKey=${'Dp7x'}QRkgcblw1lBx8syZnnOE0MivlqYAQ0EWk`,
  ],
});
