import type { AddressInfo } from 'node:net';
import { createProvider } from '../demo/provider.ts';
import { AppError } from '../lib/errors.ts';
import { formatAddress, parseTcpAddress, portNumber } from './address.ts';
import { closeServer, listen } from './admin.ts';
import { exitCodeAfter, untilAskedToStop } from './processes.ts';

export interface DemoProviderOptions {
  readonly listen: string;
  readonly tokenMs: string;
}

/** `sluice demo provider`: the stand-in provider, its URL as the only line on stdout, until it is asked to stop. */
export async function demoProvider(options: DemoProviderOptions): Promise<number> {
  const { host, port } = parseTcpAddress(options.listen, '--listen');
  const tokenMs = portNumber(options.tokenMs);
  if (tokenMs === undefined) throw new AppError('usage', '--token-ms must be a number of milliseconds');
  const server = createProvider({ tokenMs });
  await listen(server, { host, port });
  process.stdout.write(`http://${formatAddress({ kind: 'tcp', host, port: (server.address() as AddressInfo).port })}\n`);
  const reason = await untilAskedToStop();
  await closeServer(server);
  return exitCodeAfter(reason);
}
