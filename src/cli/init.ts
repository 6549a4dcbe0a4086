import { type ListenAddress, parseAddress, parseTcpAddress } from './address.ts';
import { type EnvoyProfile, type FilterAddress, renderEnvoyConfig, SHIPPED_ADDRESSES } from './envoy-config.ts';
import { parseUpstream } from './upstream.ts';
import { workerAddresses } from './workers/endpoints.ts';

export interface InitEnvoyOptions {
  readonly profile: EnvoyProfile;
  readonly listen?: string;
  readonly filter?: string;
  /** As `sluice serve --workers`: an endpoint for each. Default: 1. */
  readonly workers?: number;
  readonly upstream?: string;
  readonly caFile?: string;
  readonly admin?: string;
}

/** `sluice init envoy`: a complete Envoy configuration for the given addresses on stdout. Throws for addresses that are none. */
export function initEnvoy({ profile, listen, filter, workers = 1, upstream, caFile, admin }: InitEnvoyOptions): void {
  const shipped = SHIPPED_ADDRESSES;
  const where = filter === undefined ? ({ kind: 'tcp', ...shipped.filter } as const) : parseAddress(filter, '--filter');
  const [first, ...more] = workerAddresses(where, workers, '--filter').map(endpoint);
  const config = renderEnvoyConfig({
    profile,
    listen: listen === undefined ? shipped.listen : parseTcpAddress(listen, '--listen'),
    filter: first!,
    moreFilters: more,
    upstream: upstream === undefined ? shipped.upstream : parseUpstream(upstream, () => caFile ?? shipped.upstream.caFile),
    admin: admin === undefined ? undefined : parseTcpAddress(admin, '--admin'),
  });
  process.stdout.write(config);
}

function endpoint(address: ListenAddress): FilterAddress {
  return address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port };
}
