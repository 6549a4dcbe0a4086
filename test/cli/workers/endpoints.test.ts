import { describe, expect, test } from 'vitest';
import { formatAddress, parseAddress } from '../../../src/cli/address.ts';
import { adminBeside, workerAddresses } from '../../../src/cli/workers/endpoints.ts';
import { FIXED } from '../../../src/lib/limits.ts';

const addresses = (listen: string, count: number) =>
  workerAddresses(parseAddress(listen, '--listen'), count, '--listen').map(formatAddress);
const admin = (port: number, source: string) =>
  adminBeside(workerAddresses(parseAddress(':9000', ''), 3, ''), { host: '127.0.0.1', port }, source);

describe('workers listen', () => {
  test.each([
    ['one at the address itself', '127.0.0.1:9000', 1, ['127.0.0.1:9000']],
    ['several at the port and those after it', '127.0.0.1:9000', 3, ['127.0.0.1:9000', '127.0.0.1:9001', '127.0.0.1:9002']],
    ['at any free port each', '[::1]:0', 2, ['[::1]:0', '[::1]:0']],
    ['up to the last port', ':65534', 2, ['127.0.0.1:65534', '127.0.0.1:65535']],
    ['at sockets with a number', 'unix:/run/s.sock', 2, ['unix:/run/s.sock.0', 'unix:/run/s.sock.1']],
    ['one at the socket itself', 'unix:/run/s.sock', 1, ['unix:/run/s.sock']],
  ])('%s', (_, listen, count, expected) => {
    expect(addresses(listen, count)).toEqual(expected);
  });

  test.each([
    ['ports beyond the last', ':65535', 2, '--listen: from port 65535 on there are not 2 ports'],
    ['a socket whose name gets too long', `unix:/${'s'.repeat(101)}`, 2, '--listen needs an absolute socket path'],
  ])('not at %s', (_, listen, count, expected) => {
    expect(() => addresses(listen, count)).toThrow(expected);
  });

  test('as many as there may be', () => {
    expect(addresses(':0', FIXED.workers)).toHaveLength(FIXED.workers);
  });
});

describe('the admin address', () => {
  test.each([
    ['stays where nobody else is', 9100, 'default', 9100],
    ['may be any free port', 0, '--admin', 0],
    ['moves behind the workers where its default is one of theirs', 9001, 'default', 9003],
  ])('%s', (_, port, source, expected) => {
    expect(admin(port, source)).toEqual({ host: '127.0.0.1', port: expected });
  });

  test('that somebody has set is not moved, but refused', () => {
    expect(() => admin(9002, '--admin')).toThrow('--admin: port 9002 is that of worker 2');
  });
});
