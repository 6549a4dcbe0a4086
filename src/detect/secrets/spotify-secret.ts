import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'spotify-secret',
  family: 'secret',
  summary: 'Client secrets of Spotify, Twitch, Strava and Reddit, by the name of the service.',
  tier: 'block',
  severity: 'high',
  confidence: 0.9,
  pattern: assignment(
    '(?:spotify|twitch|strava|reddit|patreon|vimeo)[\\w .-]{0,12}secret',
    '\\b(?:[0-9a-f]{40}|[0-9a-f]{32}|[A-Za-z0-9_-]{27,30})\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `SPOTIFY_CLIENT_SECRET=${'98ec58'}924e7600602ed1f5142474c10b`,
    `{"twitchClientSecret": "${'4175e3'}c84117c3f39e6955fb7324bee9"}`,
    `Strava client secret is ${'ee172f'}316e31015eb2cb9bf0ff407a1d`,
    `REDDIT_SECRET = '${'16fbe5'}34d21a8b3001496bb198a0d655'`,
  ],
  ignores: [
    'SPOTIFY_CLIENT_SECRET=process.env.SPOTIFY_CLIENT_SECRET',
    'SPOTIFY_CLIENT_SECRET=<your Spotify key>',
    `checksum=${'298ac9'}54fa1081bcf257b26129b02c51`,
    `SPOTIFY_CLIENT_SECRET=${'x'.repeat(32)}`,
    `Spotify answered in 120 ms, request ${'298ac9'}54fa1081bcf257b26129b02c51`,
    'twitchClientSecret=37e49b54e9a9862',
  ],
});
