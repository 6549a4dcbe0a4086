import { AppError } from '../lib/errors.ts';
import { type ListenAddress, parseAddress, parseTcpAddress } from './address.ts';
import { type EnvoyProfile, type FilterAddress, type FilterTls, renderEnvoyConfig, SHIPPED_ADDRESSES } from './envoy-config.ts';
import { workersOf } from './settings.ts';
import { parseUpstream } from './upstream.ts';
import { workerAddresses } from './workers/endpoints.ts';

export interface InitEnvoyOptions {
  readonly profile: EnvoyProfile;
  readonly listen?: string;
  readonly filter?: string;
  /** As `sluice serve --workers`: an endpoint for each. Default: 1. */
  readonly workers?: string;
  /** CA, certificate and key of `FilterTls`. */
  readonly filterCa?: string;
  readonly filterCert?: string;
  readonly filterKey?: string;
  readonly upstream?: string;
  readonly caFile?: string;
  readonly admin?: string;
}

/** `sluice init envoy`: a complete Envoy configuration for the given addresses on stdout. Throws for addresses that are none. */
export function initEnvoy(options: InitEnvoyOptions): void {
  const { profile, listen, filter, workers = '1', upstream, caFile, admin } = options;
  const shipped = SHIPPED_ADDRESSES;
  const where = filter === undefined ? ({ kind: 'tcp', ...shipped.filter } as const) : filterAddress(filter);
  const count = workersOf({ workers: { value: workers, origin: '--workers' } });
  const [first, ...more] = workerAddresses(where, count, '--filter').map(endpoint);
  const config = renderEnvoyConfig({
    profile,
    listen: listen === undefined ? shipped.listen : parseTcpAddress(listen, '--listen'),
    filter: first!,
    moreFilters: more,
    filterTls: filterTlsOf(options),
    upstream: upstream === undefined ? shipped.upstream : parseUpstream(upstream, () => caFile ?? shipped.upstream.caFile),
    admin: admin === undefined ? undefined : parseTcpAddress(admin, '--admin'),
  });
  process.stdout.write(config);
}

/** Any free port is where a server may listen, and nowhere to connect to. */
function filterAddress(text: string): ListenAddress {
  const address = parseAddress(text, '--filter');
  if (address.kind === 'unix' || address.port !== 0) return address;
  throw new AppError('settings-invalid', '--filter is where Envoy connects: give the port on which `sluice serve` listens, which is not 0');
}

function filterTlsOf({ filterCa: caFile, filterCert: certFile, filterKey: keyFile }: InitEnvoyOptions): FilterTls | undefined {
  if ((certFile === undefined) !== (keyFile === undefined)) throw new AppError('usage', '--filter-cert and --filter-key need each other');
  if (caFile === undefined && certFile !== undefined) throw new AppError('usage', '--filter-cert needs --filter-ca beside it');
  if (caFile === undefined) return undefined;
  return { caFile, own: certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile } };
}

function endpoint(address: ListenAddress): FilterAddress {
  return address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port };
}
