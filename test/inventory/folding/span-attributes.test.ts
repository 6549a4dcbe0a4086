import { describe, expect, test } from 'vitest';
import { calledTools, callerOf, hostOf, pathOf, personOf } from '../../../src/inventory/folding/span-attributes.ts';
import type { IncomingSpan } from '../../../src/inventory/incoming.ts';
import { createCleaner, createReader } from '../../../src/inventory/span-reading.ts';
import { ATTR, SCOPE_NAME } from '../../../src/telemetry/semconv.ts';

const cleaner = createCleaner();
const reading = (attributes: IncomingSpan['attributes']) => createReader(attributes, cleaner);

describe('where a request went', () => {
  test.each([
    ['the route of a framework', { [ATTR.httpRoute]: '/users/{id}', [ATTR.urlPath]: '/users/7' }, '/users/{id}'],
    ['the path', { [ATTR.urlPath]: '/users/7', 'http.target': '/old' }, '/users/7'],
    ['the target of older conventions', { 'http.target': '/old', 'url.full': 'https://a.example/new' }, '/old'],
    ['the path of the whole address', { 'http.url': 'https://a.example/whole' }, '/whole'],
    ['nothing', { 'url.full': 'no address' }, '/'],
  ])('is said by %s', (_, attributes, path) => {
    expect(pathOf(reading(attributes))).toBe(path);
  });

  test.each([
    [{ [ATTR.serverAddress]: 'a.example', 'http.host': 'b.example' }, 'a.example'],
    [{ 'url.full': 'https://c.example:8443/', 'net.peer.name': 'd.example' }, 'c.example:8443'],
    [{ 'net.peer.name': 'd.example', 'net.host.name': 'e.example' }, 'd.example'],
    [{}, ''],
  ])('has the host of %j', (attributes, host) => {
    expect(hostOf(reading(attributes))).toBe(host);
  });
});

describe('who sent a request', () => {
  const HASH = { [ATTR.callerHash]: 'abcdef012345' };
  const AGENT = { [ATTR.userAgent]: 'curl/8' };
  const ours = { scope: SCOPE_NAME, kind: 'server', service: 'sluice' } as const;
  const foreign = { scope: 'http-instrumentation', kind: 'client', service: 'shop' } as const;

  test.each([
    ['the credential that our filter hashed', ours, { ...HASH, ...AGENT }, { kind: 'credential', id: 'abcdef012345' }],
    ['the user agent, where there is no credential', ours, AGENT, { kind: 'user-agent', id: 'curl/8' }],
    ['the service that tells of its own requests', foreign, { ...HASH, ...AGENT }, { kind: 'service', id: 'shop' }],
    [
      'the user agent that a foreign server saw',
      { ...foreign, kind: 'server' },
      { ...HASH, ...AGENT },
      { kind: 'user-agent', id: 'curl/8' },
    ],
    ['nobody that is known', ours, {}, { kind: 'unknown', id: '' }],
  ] as const)('is %s', (_, span, attributes, caller) => {
    expect(callerOf({ ...SPAN, ...span }, reading(attributes), cleaner)).toEqual(caller);
  });

  test('is a person whose pseudonym is not kept', () => {
    const pseudonym = 'anna.example';
    const person = personOf(reading({ 'enduser.pseudo.id': pseudonym }));
    expect(person).toMatch(/^[0-9a-f]{16}$/);
    expect(person).toBe(personOf(reading({ 'user.hash': pseudonym })));
    expect(personOf(reading({}))).toBeUndefined();
  });
});

test('tools are those that an exchange called and the one that a framework ran, each once', () => {
  expect(calledTools(reading({ [ATTR.toolsCalled]: ['search', 'mail', 'search'], 'gen_ai.tool.name': 'mail' }))).toEqual([
    'search',
    'mail',
  ]);
});

const SPAN: IncomingSpan = {
  traceId: '1'.repeat(32),
  spanId: '2'.repeat(16),
  parentSpanId: undefined,
  name: 'POST',
  kind: 'server',
  startUnixMs: 0,
  endUnixMs: 0,
  attributes: {},
  error: false,
  service: undefined,
  scope: '',
};
