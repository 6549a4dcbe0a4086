import { looksRandom } from '../checks/looks-random.ts';
import { detector } from '../detector.ts';

export default detector({
  name: 'adafruit-io-key',
  family: 'secret',
  summary: 'Adafruit IO keys: aio_ and 28 letters and digits.',
  tier: 'block',
  severity: 'high',
  confidence: 0.98,
  // io.adafruit.com, "Adafruit IO Basics: API key".
  pattern: /\baio_[A-Za-z0-9]{28}\b/,
  check: looksRandom,
  references: ['owasp-llm:LLM02:2026', 'atlas:AML.T0055'],
  finds: [
    `ADAFRUIT_IO_KEY="${'aio_'}KGpOyQNcdOyZbkBFTFoOxtzHq8ST"`,
    `token: ${'aio_'}ZHE6svi34zWH8xMS9BMoXOJrLo8F\nregion: eu`,
    `my key for Adafruit IO is ${'aio_'}2nXMzqQdgCWwDllJtWR6zqlIKiUB, what do I do with it?`,
    `(${'aio_'}KnCfK2vuAiSDMK2xTY2xA6bznBRk)`,
  ],
  ignores: [
    `${'aio_'}irAgsXOhy`,
    `${'aio_'}xxxxxxxxxxxxxxxxxxxxxxxxxxxx`,
    'ADAFRUIT_IO_KEY=<your key for Adafruit IO>',
    'ADAFRUIT_IO_KEY=process.env.ADAFRUIT_IO_KEY',
    'aio_feeds_are_listed_by_the_api_of_adafruit',
  ],
});
