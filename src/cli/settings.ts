import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { didYouMean } from '../lib/did-you-mean.ts';
import { AppError } from '../lib/errors.ts';
import { EXPORT, FIXED } from '../lib/limits.ts';
import { parseSize, SIZE_UNITS } from '../policy/size.ts';

/** The settings of an installation. Telemetry export has none here: it follows the standard `OTEL_*` variables. */
export const SETTINGS = {
  listen: { variable: 'SLUICE_LISTEN', fallback: '127.0.0.1:9000', summary: 'where Envoy reaches the filter: host:port or unix:/path' },
  workers: {
    variable: 'SLUICE_WORKERS',
    fallback: '1',
    summary: `processes, at most ${FIXED.workers}, each with an address of its own: the port and those after it, or the socket with .0, .1 and so on`,
  },
  admin: { variable: 'SLUICE_ADMIN', fallback: '127.0.0.1:9001', summary: 'where /livez, /readyz, /status and /metrics are served' },
  adminTokenFile: {
    variable: 'SLUICE_ADMIN_TOKEN_FILE',
    fallback: undefined,
    summary: 'file with lines "name token": who may stop, resume and approve at the admin address; without one, this machine alone',
  },
  policy: { variable: 'SLUICE_POLICY', fallback: undefined, summary: 'policy file; without one the built-in balanced policy' },
  inventory: { variable: 'SLUICE_INVENTORY', fallback: undefined, summary: 'URL of the inventory that gets a span of every exchange' },
  inventoryToken: {
    variable: 'SLUICE_INVENTORY_TOKEN',
    fallback: undefined,
    summary: 'token that the inventory asks for; the same for filter, inventory and commands',
    secret: true,
  },
  redis: {
    variable: 'SLUICE_REDIS',
    fallback: undefined,
    summary: 'URL of a Redis or Valkey through which filters share budgets and stops: redis://… or rediss://…',
  },
  mode: {
    variable: 'SLUICE_MODE',
    fallback: undefined,
    summary: "observe or enforce; without it the policy's own",
    values: ['observe', 'enforce'],
  },
  logLevel: {
    variable: 'SLUICE_LOG_LEVEL',
    fallback: 'info',
    summary: 'fatal, error, warn, info, debug or trace',
    values: ['fatal', 'error', 'warn', 'info', 'debug', 'trace'],
  },
  tlsCert: {
    variable: 'SLUICE_TLS_CERT',
    fallback: undefined,
    summary: 'certificate with its chain (PEM); without one Envoy speaks plain text',
  },
  tlsKey: { variable: 'SLUICE_TLS_KEY', fallback: undefined, summary: 'key of the certificate (PEM)' },
  tlsClientCa: {
    variable: 'SLUICE_TLS_CLIENT_CA',
    fallback: undefined,
    summary: 'CA (PEM) that must have signed the certificate of Envoy',
  },
  maxConcurrentStreams: {
    variable: 'SLUICE_MAX_CONCURRENT_STREAMS',
    fallback: String(FIXED.concurrentStreams),
    summary: 'exchanges at once on one connection of Envoy',
  },
  processBytes: {
    variable: 'SLUICE_PROCESS_BYTES',
    fallback: `${FIXED.processBytes / 1024 ** 2}MiB`,
    summary: "bytes all exchanges may hold together before new ones follow the policy's failMode",
  },
  spoolBytes: {
    variable: 'SLUICE_SPOOL_BYTES',
    fallback: `${EXPORT.spoolBytes / 1024 ** 2}MiB`,
    summary: 'bytes on disk that wait for an inventory that is away; 0: wait in memory alone',
  },
} as const satisfies Record<string, SettingRow>;

interface SettingRow {
  readonly variable: string;
  readonly fallback: string | undefined;
  readonly summary: string;
  /** Allowed values; any text when absent. */
  readonly values?: readonly string[];
  /** Never shown, and without a flag: a command line is read by everybody on the machine. Default: false. */
  readonly secret?: boolean;
}

export type SettingName = keyof typeof SETTINGS;
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];
/** Those that a command line may give. */
export const FLAG_NAMES: readonly SettingName[] = SETTING_NAMES.filter((name) => !isSecret(name));

export interface Setting {
  readonly value: string | undefined;
  /** `--listen`, `SLUICE_LISTEN`, a file's path, or `default`. */
  readonly origin: string;
}

export type Settings = Readonly<Record<SettingName, Setting>>;

/** Values given on the command line. */
export type Flags = Partial<Readonly<Record<SettingName, string>>>;

export interface SettingSources {
  readonly flags: Flags;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Settings files, the strongest first; those that do not exist are passed over. */
  readonly files: readonly string[];
}

/** Resolves every setting: flag, then environment, then the files in order, then the default. Throws `settings-invalid`. */
export function resolveSettings({ flags, environment, files }: SettingSources): Settings {
  const layers: readonly Layer[] = [
    { values: flags, originOf: (name) => `--${flagOf(name)}` },
    { values: environmentValues(environment), originOf: (name) => SETTINGS[name].variable },
    ...files.filter((file) => existsSync(file)).map((file): Layer => ({ values: readSettingsFile(file), originOf: () => file })),
  ];
  return Object.fromEntries(SETTING_NAMES.map((name) => [name, resolveOne(name, layers)])) as Settings;
}

/** `./sluice.yaml`, then the user's folder, then the machine's. `home`: where the user's folder is; throws for a user without one. */
export function settingsFiles(environment: Readonly<Record<string, string | undefined>>, home: () => string = homedir): readonly string[] {
  const folders = [environment['XDG_CONFIG_HOME'] || configFolder(home), '/etc'].filter((folder) => folder !== undefined);
  return [path.resolve('sluice.yaml'), ...folders.map((folder) => path.join(folder, 'sluice', 'sluice.yaml'))];
}

/** In a container the user is often a number that nobody has entered in /etc/passwd; without HOME it has no home then. */
function configFolder(home: () => string): string | undefined {
  try {
    return path.join(home(), '.config');
  } catch {
    return undefined;
  }
}

/** `logLevel` → `log-level`. */
export function flagOf(name: SettingName): string {
  return Array.from(name, (letter) => (letter < 'a' ? `-${letter.toLowerCase()}` : letter)).join('');
}

/** Whether the value of a setting is never shown. */
export function isSecret(name: SettingName): boolean {
  const row: SettingRow = SETTINGS[name];
  return row.secret === true;
}

/** The token of the inventory; undefined for none. Throws `settings-invalid` for what no header can carry; its text is not repeated. */
export function inventoryTokenOf({ inventoryToken: { value, origin } }: Pick<Settings, 'inventoryToken'>): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (Array.from(value).every((character) => character > ' ' && character <= '~')) return value;
  throw new AppError('settings-invalid', `${origin}: the token has characters other than visible ASCII (${value.length} characters)`);
}

/** The same for a command that has no other settings: from the environment, else from the settings files. */
export function inventoryToken(): string | undefined {
  return inventoryTokenOf(resolveSettings({ flags: {}, environment: process.env, files: settingsFiles(process.env) }));
}

/** A setting that is a size of at least `min`, in bytes. Throws `settings-invalid`. */
export function sizeOf({ value, origin }: Setting, min: 0 | 1 = 1): number {
  const bytes = parseSize(value);
  if (bytes !== undefined && bytes >= min) return bytes;
  throw new AppError('settings-invalid', `${origin} is not a size such as 512MiB (units: ${SIZE_UNITS.join(', ')})`);
}

/** A setting that is a whole number from 1 to `max`. Throws `settings-invalid`. */
export function countOf({ value, origin }: Setting, max = 0x7fff_ffff): number {
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1 && count <= max) return count;
  throw new AppError('settings-invalid', `${origin} is not a whole number from 1 to ${max}`);
}

/** How many processes the filter is to be. Throws `settings-invalid`. */
export const workersOf = ({ workers }: Pick<Settings, 'workers'>): number => countOf(workers, FIXED.workers);

interface Layer {
  readonly values: Flags;
  readonly originOf: (name: SettingName) => string;
}

function resolveOne(name: SettingName, layers: readonly Layer[]): Setting {
  const row: SettingRow = SETTINGS[name];
  const layer = layers.find(({ values }) => values[name] !== undefined);
  if (layer === undefined) return { value: row.fallback, origin: 'default' };
  const value = layer.values[name]!;
  const origin = layer.originOf(name);
  if (row.values !== undefined && !row.values.includes(value)) {
    throw new AppError('settings-invalid', `${origin}: ${name} must be one of ${row.values.join(', ')}${didYouMean(value, row.values)}`);
  }
  return { value, origin };
}

function environmentValues(environment: SettingSources['environment']): Flags {
  // An empty variable counts as not set: that is how shells and container files switch one off.
  const set = SETTING_NAMES.filter((name) => environment[SETTINGS[name].variable]);
  return Object.fromEntries(set.map((name) => [name, environment[SETTINGS[name].variable]]));
}

function readSettingsFile(file: string): Flags {
  const content = parseYaml(file);
  if (content === null || content === undefined) return {};
  if (typeof content !== 'object' || Array.isArray(content))
    throw new AppError('settings-invalid', `${file}: expected settings as "name: value"`);
  return Object.fromEntries(Object.entries(content).map(([key, value]) => [settingName(key, file), settingValue(key, value, file)]));
}

function parseYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new AppError('settings-invalid', `${file}: ${error instanceof Error ? error.message.split('\n')[0] : 'not readable'}`, {
      cause: error,
    });
  }
}

function settingName(key: string, file: string): SettingName {
  const known = SETTING_NAMES.find((name) => name === key || flagOf(name) === key);
  if (known === undefined) throw new AppError('settings-invalid', `${file}: unknown setting "${key}"${didYouMean(key, SETTING_NAMES)}`);
  return known;
}

function settingValue(key: string, value: unknown, file: string): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new AppError('settings-invalid', `${file}: ${key} must be a text`);
}
