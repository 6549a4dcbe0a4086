import { type ListenAddress, parseAddress, parseTcpAddress } from './address.ts';
import { type EnvoyProfile, renderEnvoyConfig, SHIPPED_ADDRESSES } from './envoy-config.ts';
import { parseUpstream } from './upstream.ts';

export interface InitEnvoyOptions {
  readonly profile: EnvoyProfile;
  readonly listen?: string;
  readonly filter?: string;
  readonly upstream?: string;
  readonly caFile?: string;
  readonly admin?: string;
}

/** `sluice init envoy`: a complete Envoy configuration for the given addresses on stdout. Throws for addresses that are none. */
export function initEnvoy({ profile, listen, filter, upstream, caFile, admin }: InitEnvoyOptions): void {
  const shipped = SHIPPED_ADDRESSES;
  const config = renderEnvoyConfig({
    profile,
    listen: listen === undefined ? shipped.listen : parseTcpAddress(listen, '--listen'),
    filter: filter === undefined ? shipped.filter : endpoint(parseAddress(filter, '--filter')),
    upstream: upstream === undefined ? shipped.upstream : parseUpstream(upstream, () => caFile ?? shipped.upstream.caFile),
    admin: admin === undefined ? undefined : parseTcpAddress(admin, '--admin'),
  });
  process.stdout.write(config);
}

function endpoint(address: ListenAddress): { readonly host: string; readonly port: number } | { readonly path: string } {
  return address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port };
}
