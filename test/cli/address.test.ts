import { describe, expect, test } from 'vitest';
import { formatAddress, parseAddress, parseTcpAddress, portNumber } from '../../src/cli/address.ts';

describe('addresses', () => {
  test.each([
    ['127.0.0.1:9000', { kind: 'tcp', host: '127.0.0.1', port: 9000 }],
    [':0', { kind: 'tcp', host: '127.0.0.1', port: 0 }],
    ['[::1]:65535', { kind: 'tcp', host: '::1', port: 65535 }],
    ['unix:/run/sluice.sock', { kind: 'unix', path: '/run/sluice.sock' }],
    ['/run/sluice.sock', { kind: 'unix', path: '/run/sluice.sock' }],
  ])('%s is read as it is meant', (text, expected) => {
    expect(parseAddress(text, '--listen')).toEqual(expected);
  });

  test.each([
    '127.0.0.1',
    '127.0.0.1:',
    '127.0.0.1:65536',
    '127.0.0.1:-1',
    '127.0.0.1:1e3',
    'unix:relative.sock',
    `unix:/${'a'.repeat(103)}`,
  ])('%s is refused with the name of the setting', (text) => {
    expect(() => parseAddress(text, 'SLUICE_LISTEN')).toThrow(/^SLUICE_LISTEN /);
  });

  test('what is printed can be read again', () => {
    const texts = ['127.0.0.1:9000', '[::1]:443', 'unix:/run/sluice.sock'];
    expect(texts.map((text) => formatAddress(parseAddress(text, 'x')))).toEqual(texts);
  });

  test('a socket is refused where HTTP needs host and port', () => {
    expect(() => parseTcpAddress('unix:/run/sluice.sock', '--admin')).toThrow('--admin must be host:port');
  });

  test('ports end at 65535', () => {
    expect(['0', '65535', '65536', '', ' 1', '0x10'].map(portNumber)).toEqual([0, 65535, undefined, undefined, undefined, undefined]);
  });
});
