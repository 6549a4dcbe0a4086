import { assignment } from '../assignment.ts';
import { assignsRandom } from '../checks/assigned-value.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'weather-map-key',
  family: 'secret',
  summary: 'Keys of OpenWeather, MapTiler, HERE, TomTom and Geoapify, by the name of the service.',
  tier: 'flag',
  severity: 'medium',
  confidence: 0.87,
  pattern: assignment(
    '(?:open[_-]?weather(?:[_-]?map)?|maptiler|tomtom|geoapify|opencage)[\\w .-]{0,12}key',
    '\\b(?:[0-9a-f]{32}|[A-Za-z0-9]{20}|[A-Za-z0-9]{32})\\b',
  ),
  check: assignsRandom,
  references: ['owasp-llm:LLM02:2026'],
  finds: [
    `OPENWEATHER_API_KEY=${'87528e'}235c84df40bcb7a9f09eb94163`,
    `{"openWeatherMapApiKey": "${'6fdd7f'}388570d37913298d4cb93e46c9"}`,
    `TomTom API key is ${'3915b0'}6e60999b2ac38a0c09e749d3c1`,
    `OPENWEATHER_API_KEY = '${'8170b7'}f61cab9e1bcb5d00ba3c1b2ec6'`,
  ],
  ignores: [
    'OPENWEATHER_API_KEY=process.env.OPENWEATHER_API_KEY',
    'OPENWEATHER_API_KEY=<your OpenWeather key>',
    `checksum=${'eacd94'}04c88747b6356efccc81663f67`,
    `OPENWEATHER_API_KEY=${'x'.repeat(32)}`,
    `OpenWeather answered in 120 ms, request ${'eacd94'}04c88747b6356efccc81663f67`,
    'openWeatherMapApiKey=58828dd81b7bad5',
  ],
});
