import { AppError } from '../lib/errors.ts';
import { type ListenAddress, parseAddress, parseTcpAddress } from './address.ts';
import { type AdminToken, readAdminTokens } from './admin-calls.ts';
import { countOf, inventoryTokenOf, type Settings, sizeOf } from './settings.ts';
import { type TlsFiles, tlsFiles } from './tls.ts';

/** The settings of `sluice serve`, checked. */
export interface ServeSettings {
  readonly listen: ListenAddress;
  readonly admin: { readonly host: string; readonly port: number };
  /** Undefined: none is set. */
  readonly tokens: readonly AdminToken[] | undefined;
  /** URL; undefined: none. */
  readonly inventory: string | undefined;
  readonly inventoryToken: string | undefined;
  /** URL; undefined: none. */
  readonly redis: string | undefined;
  readonly heldBytesMax: number;
  /** 0: nothing waits on disk. */
  readonly spoolBytes: number;
  readonly maxConcurrentStreams: number;
  readonly tls: TlsFiles | undefined;
}

/** Throws `settings-invalid`, `file-unreadable`. */
export function serveSettings(settings: Settings): ServeSettings {
  const { listen, admin, adminTokenFile, inventory, redis, processBytes, spoolBytes, maxConcurrentStreams } = settings;
  return {
    listen: parseAddress(listen.value!, listen.origin),
    admin: parseTcpAddress(admin.value!, admin.origin),
    tokens: adminTokenFile.value === undefined ? undefined : readAdminTokens(adminTokenFile.value),
    inventory: urlOf(inventory, ['http', 'https']),
    inventoryToken: inventoryTokenOf(settings),
    redis: urlOf(redis, ['redis', 'rediss']),
    heldBytesMax: sizeOf(processBytes),
    spoolBytes: sizeOf(spoolBytes, 0),
    maxConcurrentStreams: countOf(maxConcurrentStreams),
    tls: tlsFiles(settings),
  };
}

function urlOf({ value, origin }: Settings['redis'], schemes: readonly [string, string]): string | undefined {
  if (value === undefined) return undefined;
  const scheme = URL.parse(value)?.protocol.slice(0, -1);
  if (scheme !== undefined && schemes.includes(scheme)) return value;
  throw new AppError('settings-invalid', `${origin} is not ${schemes[0] === 'http' ? 'an' : 'a'} ${schemes.join(' or ')} URL`);
}
