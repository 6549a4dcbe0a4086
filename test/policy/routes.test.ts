import { describe, expect, it } from 'vitest';
import { normaliseHost, normalisePath } from '../../src/lib/normalise-path.ts';
import { loaded } from './compiled.ts';

const policy = loaded(`
version: 1
extends: none
profiles: {a: {}, b: {}, c: {}, d: {}, e: {}}
routes:
  - {match: {host: api.openai.com, path: /v1/**}, profile: a, dialect: openai-chat}
  - {match: {routeName: mcp-*}, profile: b}
  - {match: {host: "*.example.com", path: /users/*/chat}, profile: c}
  - {match: {host: "**.example.com"}, profile: d}
  - {match: {path: /admin}, profile: e}
`);

const TABLE: readonly (readonly [host: string, path: string, routeName: string | undefined, profile: string])[] = [
  ['api.openai.com', '/v1/chat/completions', undefined, 'a'],
  ['API.OpenAI.com:443', '/v1/x', undefined, 'a'],
  ['api.openai.com.', '/v1/x?y=/../..', undefined, 'a'],
  ['api.openai.com', '/v1', undefined, 'a'],
  ['api.openai.com', '//v1//chat', undefined, 'a'],
  ['api.openai.com', '/v2/../v1/chat', undefined, 'a'],
  ['api.openai.com', '/v2/%2e%2e/v1/chat', undefined, 'a'],
  ['api.openai.com', '/v2%2F..%2Fv1/chat', undefined, 'a'],
  ['api.openai.com', '/v1/../v2/chat', undefined, 'default'],
  ['api.openai.com', '/v1x', undefined, 'default'],
  ['api.openai.com', '/%76%31/chat', undefined, 'a'],
  ['evil-api.openai.com', '/v1/chat', undefined, 'default'],
  ['other.test', '/', 'mcp-tools/x', 'b'],
  ['other.test', '/', 'xmcp-tools', 'default'],
  ['a.example.com', '/users/42/chat', undefined, 'c'],
  ['a.b.example.com', '/users/42/chat', undefined, 'd'],
  ['a.example.com', '/users/4/2/chat', undefined, 'd'],
  ['example.com', '/', undefined, 'default'],
  ['other.test', '/admin#x', undefined, 'e'],
  ['other.test', '/./admin', undefined, 'e'],
  ['other.test', '/admin/', undefined, 'default'],
  ['other.test', '/Admin', undefined, 'default'],
];

describe('routes', () => {
  it.each(TABLE)('sends %s %s (route %s) to profile %s', (host, path, routeName, profile) => {
    expect(policy.route({ host, path, routeName }).profile.name).toBe(profile);
  });

  it('are proven by as many rows as were written', () => {
    expect(TABLE).toHaveLength(22);
  });

  it('pin the dialect of the row that matched', () => {
    expect(policy.route({ host: 'api.openai.com', path: '/v1/x', routeName: undefined }).dialect).toBe('openai-chat');
    expect(policy.route({ host: 'x', path: '/v1/x', routeName: undefined }).dialect).toBeUndefined();
  });
});

describe('a path as Envoy sees it', () => {
  it.each([
    ['', '/'],
    ['/', '/'],
    ['a', '/a'],
    ['/a//b///c', '/a/b/c'],
    ['/a/./b', '/a/b'],
    ['/a/b/..', '/a/'],
    ['/a/b/.', '/a/b/'],
    ['/../../a', '/a'],
    ['/a\\..\\b', '/b'],
    ['/a%5c..%5Cb', '/b'],
    ['/%2e%2E/a', '/a'],
    ['/a%20b', '/a%20b'],
    ['/a%252fb', '/a%252fb'],
    ['/a%', '/a%'],
    ['/a%2', '/a%2'],
    ['/a%zz', '/a%zz'],
    ['/%7Euser', '/~user'],
    ['/a?b/../c', '/a'],
  ])('%j is %j', (path, normal) => {
    expect(normalisePath(path)).toBe(normal);
  });
});

describe('a host as routes see it', () => {
  it.each([
    ['Api.Test:8443', 'api.test'],
    ['api.test.', 'api.test'],
    ['[::1]:80', '[::1]'],
    ['[::1]', '[::1]'],
    ['', ''],
  ])('%j is %j', (host, normal) => {
    expect(normaliseHost(host)).toBe(normal);
  });
});
