import { expect, test } from 'vitest';
import { smallPolicy } from '../support/streams.ts';
import { DUPLEX_MODES, driveExchange, kindsOf, NOW, recordIn } from './drive.ts';

const PATHS = ['/v1/realtime?model=gpt-realtime', '/openai/realtime?deployment=gpt-realtime', '/v1/responses'] as const;
const UPGRADE = { ':method': 'GET', ':authority': 'api.openai.com', connection: 'upgrade', upgrade: 'websocket' } as const;

test.each(PATHS)('a WebSocket to %s is not inspected, and both its directions are counted as opaque', (path) => {
  const exchange = driveExchange(smallPolicy('version: 1\n'));
  exchange.open(DUPLEX_MODES);
  expect(kindsOf(exchange.requestHeaders({ ...UPGRADE, ':path': path }))).toEqual(['answer-headers request']);
  exchange.requestBody(Buffer.from([0x81, 0x05]), false);
  exchange.responseHeaders({ ':status': '101' });
  exchange.responseBody(Buffer.from([0x82]), false);
  exchange.step({ kind: 'cancelled', unixMs: NOW });
  expect(recordIn(exchange.effects).uninspected).toEqual([
    { direction: 'request', reason: 'opaque' },
    { direction: 'response', reason: 'opaque' },
  ]);
});

test.each(PATHS)('a WebSocket to %s is denied where policy denies what is opaque', (path) => {
  const exchange = driveExchange(smallPolicy('version: 1\nfailMode: {onOpaque: deny}\n'));
  exchange.open(DUPLEX_MODES);
  expect(kindsOf(exchange.requestHeaders({ ...UPGRADE, ':path': path }))[0]).toMatch(/^deny/);
});
