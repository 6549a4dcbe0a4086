import type { AddressInfo } from 'node:net';
import { createProvider } from '../demo/provider.ts';
import { AppError } from '../lib/errors.ts';
import { portNumber } from './address.ts';
import { closeServer, listen } from './admin.ts';
import { exitCodeAfter, untilAskedToStop } from './processes.ts';

export interface DemoProviderOptions {
  readonly port: string;
  readonly tokenMs: string;
}

/** `sluice demo provider`: the stand-in provider on loopback, its URL as the only line on stdout, until it is asked to stop. */
export async function demoProvider(options: DemoProviderOptions): Promise<number> {
  const port = portNumber(options.port);
  const tokenMs = portNumber(options.tokenMs);
  if (port === undefined) throw new AppError('usage', '--port must be a number from 0 to 65535');
  if (tokenMs === undefined) throw new AppError('usage', '--token-ms must be a number of milliseconds');
  const server = createProvider({ tokenMs });
  await listen(server, { host: '127.0.0.1', port });
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  const reason = await untilAskedToStop();
  await closeServer(server);
  return exitCodeAfter(reason);
}
