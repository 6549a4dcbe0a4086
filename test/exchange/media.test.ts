import { describe, expect, test } from 'vitest';
import { smallPolicy } from '../support/streams.ts';
import { DEFAULT_MODES, driveExchange, kindsOf, recordIn } from './drive.ts';

const PICTURE = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1').toString('base64');
const CARD = ['4111', '1111', '1111', '1111'].join(' ');
const policyOf = (onOpaque: 'allow' | 'deny') => smallPolicy(`version: 1\nfailMode: {onOpaque: ${onOpaque}}\n`);

/** Sends a picture, or what claims to be one, and gets an answer without any. */
function send(onOpaque: 'allow' | 'deny', url: string) {
  const exchange = driveExchange(policyOf(onOpaque));
  exchange.open(DEFAULT_MODES);
  exchange.requestHeaders();
  const effects = exchange.requestBody({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }] });
  exchange.step({ kind: 'cancelled', unixMs: 0 });
  const { findings, uninspected } = recordIn(exchange.effects);
  return { answered: kindsOf(effects)[0], found: findings.map(({ detector }) => detector), uninspected };
}

describe('media in the JSON of a dialect', () => {
  test('pass where policy lets what is opaque pass, and are counted', () => {
    expect(send('allow', `data:image/png;base64,${PICTURE}`)).toEqual({
      answered: 'answer-body request',
      found: [],
      uninspected: [{ direction: 'request', reason: 'media' }],
    });
  });

  test('are denied where policy denies what is opaque', () => {
    expect(send('deny', `data:image/png;base64,${PICTURE}`)).toEqual({
      answered: 'deny',
      found: [],
      uninspected: [{ direction: 'request', reason: 'media' }],
    });
  });

  test.each(['text/plain', 'image/png'])('are read where they are a text that calls itself %s', (type) => {
    expect(send('deny', `data:${type};base64,${Buffer.from(`my card is ${CARD}`).toString('base64')}`)).toEqual({
      answered: 'answer-body request',
      found: ['pii.card'],
      uninspected: [],
    });
  });
});
