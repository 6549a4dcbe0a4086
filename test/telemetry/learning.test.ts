import { describe, expect, it } from 'vitest';
import type { ExchangeRecord, Learned } from '../../src/exchange/events.ts';
import { createLearningSample, LEARNING_BOUNDS, type LearningSample } from '../../src/telemetry/learning.ts';
import { exchangeRecord } from './records.ts';

const START_MS = 1_790_000_000_000;
const bounds = { ...LEARNING_BOUNDS, firstExchanges: 3, share: 4, endpoints: 2, told: 16, againMs: 1000, burst: 1000, perSecond: 1000 };
const sample = (change: Partial<typeof bounds> = {}, redact = (text: string): string => text): LearningSample =>
  createLearningSample(redact, { ...bounds, ...change });
const at = (path: string, method = 'GET') => ({ method, host: 'bank.example', path });
const learned = (change: Partial<Learned> = {}): Learned => ({ shapes: {}, tools: new Map(), ...change });
const record = (said: Learned | undefined, change: Partial<ExchangeRecord> = {}): ExchangeRecord =>
  exchangeRecord({ ...at('/accounts/1'), endUnixMs: START_MS, learned: said, ...change });

describe('the sample', () => {
  const asked = (one: LearningSample, times: number, path = '/accounts/1') =>
    Array.from({ length: times }, () => Number(one.wants(at(path))));

  it('has the first exchanges of an endpoint and then a share', () => {
    expect(asked(sample(), 12)).toEqual([1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it('counts endpoints by method, host and template', () => {
    const one = sample({ endpoints: 10 });
    asked(one, 5);
    expect([...asked(one, 2, '/accounts/4711?x=1'), one.wants(at('/accounts/1', 'PUT')), one.wants(at('/cards/1'))]).toEqual([
      0,
      0,
      true,
      true,
    ]);
  });

  it('has all of an endpoint again once it showed something new', () => {
    const one = sample();
    asked(one, 5);
    one.news(record(learned({ shapes: { response: [' object'] } })));
    expect(asked(one, 5)).toEqual([1, 1, 1, 1, 0]);
    one.news(record(learned({ shapes: { response: [' object'] } }), { endUnixMs: START_MS + 5000 }));
    expect(asked(one, 4)).toEqual([0, 0, 1, 0]);
  });

  it('forgets the endpoint that was unused longest', () => {
    const one = sample();
    asked(one, 5, '/a');
    asked(one, 5, '/b');
    asked(one, 1, '/a');
    asked(one, 1, '/c');
    expect([asked(one, 1, '/a'), asked(one, 1, '/b')]).toEqual([[0], [1]]);
  });
});

describe('news', () => {
  const shapes = { request: [' object', '/id string:uuid'], response: [' array', '/* object'] };
  const tools = new Map([['transfer', 'ab'.repeat(32)]]);
  const all = {
    'sluice.request.shape': shapes.request,
    'sluice.response.shape': shapes.response,
    'sluice.tools.descriptions': ['transfer abababababababab'],
  };

  it('are said once, and again after a while', () => {
    const one = sample();
    const said = [0, 1, 999, 1000, 1001].map((ms) => one.news(record(learned({ shapes, tools }), { endUnixMs: START_MS + ms })));
    expect(said).toEqual([all, {}, {}, all, {}]);
  });

  it('are of an endpoint and a direction', () => {
    const one = sample();
    one.news(record(learned({ shapes: { request: [' object'] } })));
    const other = one.news(record(learned({ shapes: { request: [' object'] } }), at('/cards/1')));
    const answer = one.news(record(learned({ shapes: { response: [' object'] } })));
    expect([other, answer]).toEqual([{ 'sluice.request.shape': [' object'] }, { 'sluice.response.shape': [' object'] }]);
  });

  it('of nothing are nothing', () => {
    expect([sample().news(record(undefined)), sample().news(record(learned()))]).toEqual([{}, {}]);
  });

  it('have no name that detectors know, and no value instead of it', () => {
    const redact = (text: string): string => text.replaceAll('secret', '[x]');
    const one = sample({}, redact);
    const response = [' object', '/owner object', '/owner/secretA? string', '/owner/name string', '/secretB array', '/secretB/* integer'];
    const said = one.news(record(learned({ shapes: { response }, tools: new Map([['secret', 'ab'.repeat(32)]]) })));
    expect(said).toEqual({
      'sluice.response.shape': [
        ' object',
        '/owner object',
        '/owner/{key} string',
        '/owner/name string',
        '/{key} array',
        '/{key}/* integer',
      ],
      'sluice.tools.descriptions': ['[x] abababababababab'],
    });
    // Another name that is redacted says the same.
    expect(one.news(record(learned({ shapes: { response: response.map((line) => line.replace('secretA', 'secretC')) } })))).toEqual({});
  });

  it('are at most so many at once, and so many a second; what was not said is said later', () => {
    const one = sample({ burst: 2, perSecond: 1 });
    const say = (name: string, ms: number) =>
      Object.keys(one.news(record(learned({ shapes: { request: [' object', `/${name} null`] } }), { endUnixMs: START_MS + ms }))).length;
    expect([say('a', 0), say('b', 0), say('c', 0), say('c', 999), say('c', 1000), say('d', 1000), say('a', 1000)]).toEqual([
      1, 1, 0, 0, 1, 0, 0,
    ]);
  });

  it('are remembered up to a bound', () => {
    const one = sample({ told: 4 });
    const say = (name: string) => Object.keys(one.news(record(learned({ shapes: { request: [`/${name} null`] } })))).length;
    expect(['a', 'b', 'c', 'd', 'd', 'e', 'a'].map(say)).toEqual([1, 1, 1, 1, 0, 1, 1]);
  });
});
