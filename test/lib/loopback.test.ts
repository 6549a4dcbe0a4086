import { describe, expect, test } from 'vitest';
import { isLoopback, isLoopbackAuthority } from '../../src/lib/loopback.ts';

const HOSTS = [
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.255.1.9', true],
  ['::1', true],
  ['127.attacker.example', false],
  ['127.0.0.1.attacker.example', false],
  ['127.0.0.256', false],
  ['127.0.0.01', false],
  ['127.0.0.-1', false],
  ['127.0.0.1e1', false],
  ['127.0.0.', false],
  ['127.1', false],
  ['localhost.attacker.example', false],
  ['0.0.0.0', false],
  ['10.0.0.1', false],
  ['::', false],
  ['', false],
] as const;

const AUTHORITIES = [
  ['localhost:9001', true],
  ['127.0.0.1:9001', true],
  ['127.0.0.1', true],
  ['[::1]:9001', true],
  ['[::1]', true],
  ['::1', true],
  ['127.attacker.example:9001', false],
  ['[::1].attacker.example', false],
  ['[::1', false],
  ['[2001:db8::1]:9001', false],
  ['2001:db8::1', false],
  ['', false],
] as const;

describe('a host that reaches this machine alone', () => {
  test('seventeen hosts and twelve with ports are tried', () => expect([HOSTS.length, AUTHORITIES.length]).toEqual([17, 12]));
  test.each(HOSTS)('"%s" by itself: %s', (host, is) => expect(isLoopback(host)).toBe(is));
  test.each(AUTHORITIES)('"%s" as a header says it: %s', (authority, is) => expect(isLoopbackAuthority(authority)).toBe(is));
});
