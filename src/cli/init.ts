import { AppError } from '../lib/errors.ts';
import { type ListenAddress, parseAddress, parseTcpAddress } from './address.ts';
import { type EnvoyProfile, type FilterAddress, type FilterTls, renderEnvoyConfig, SHIPPED_ADDRESSES } from './envoy-config.ts';
import { parseUpstream } from './upstream.ts';
import { workerAddresses } from './workers/endpoints.ts';

export interface InitEnvoyOptions {
  readonly profile: EnvoyProfile;
  readonly listen?: string;
  readonly filter?: string;
  /** As `sluice serve --workers`: an endpoint for each. Default: 1. */
  readonly workers?: number;
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
  const { profile, listen, filter, workers = 1, upstream, caFile, admin } = options;
  const shipped = SHIPPED_ADDRESSES;
  const where = filter === undefined ? ({ kind: 'tcp', ...shipped.filter } as const) : parseAddress(filter, '--filter');
  const [first, ...more] = workerAddresses(where, workers, '--filter').map(endpoint);
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

function filterTlsOf({ filterCa: caFile, filterCert: certFile, filterKey: keyFile }: InitEnvoyOptions): FilterTls | undefined {
  if ((certFile === undefined) !== (keyFile === undefined)) throw new AppError('usage', '--filter-cert and --filter-key need each other');
  if (caFile === undefined && certFile !== undefined) throw new AppError('usage', '--filter-cert needs --filter-ca beside it');
  if (caFile === undefined) return undefined;
  return { caFile, own: certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile } };
}

function endpoint(address: ListenAddress): FilterAddress {
  return address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port };
}
