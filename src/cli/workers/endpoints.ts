import { AppError } from '../../lib/errors.ts';
import { type ListenAddress, parseAddress } from '../address.ts';

/**
 * Where several processes listen: at the port and those after it (0: any free one for each), or at sockets `<path>.0`, `<path>.1` and so
 * on. One process listens at the address itself. Throws `settings-invalid` where the ports or the room for a socket's name end; `source`
 * says where the address comes from.
 */
export function workerAddresses(listen: ListenAddress, count: number, source: string): readonly ListenAddress[] {
  if (count === 1) return [listen];
  const numbers = Array.from({ length: count }, (_, number) => number);
  if (listen.kind === 'unix') return numbers.map((number) => parseAddress(`unix:${listen.path}.${number}`, source));
  const { host, port } = listen;
  if (port !== 0 && port + count - 1 > PORT_MAX)
    throw new AppError('settings-invalid', `${source}: from port ${port} on there are not ${count} ports`);
  return numbers.map((number) => ({ kind: 'tcp', host, port: port === 0 ? 0 : port + number }));
}

const PORT_MAX = 65_535;

/**
 * Where the admin address is beside these: as it is set; where nobody has set it and its default is the port of a worker, the port after the
 * last of them. Throws `settings-invalid` when a port that somebody has set is a worker's.
 */
export function adminBeside(
  workers: readonly ListenAddress[],
  { host, port }: { readonly host: string; readonly port: number },
  source: string,
): { readonly host: string; readonly port: number } {
  const ports = workers.flatMap((one) => (one.kind === 'tcp' ? [one.port] : []));
  if (port === 0 || !ports.includes(port)) return { host, port };
  if (source !== 'default') throw new AppError('settings-invalid', `${source}: port ${port} is that of worker ${ports.indexOf(port)}`);
  return { host, port: Math.max(...ports) < PORT_MAX ? Math.max(...ports) + 1 : 0 };
}
