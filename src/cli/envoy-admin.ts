import { AppError } from '../lib/errors.ts';

/** How long Envoy's admin interface may take for one answer, in milliseconds; a large dump takes seconds. */
const ANSWER_MS_MAX = 30_000;
/** Largest answer read, in bytes; a mesh's dump has some hundred MiB at most. */
const ANSWER_BYTES_MAX = 256 * 1024 * 1024;

/** What a running Envoy says about itself. */
export interface EnvoyAdmin {
  /** Text of `/config_dump`. */
  readonly configDump: string;
  /** Counters and gauges by name. */
  readonly stats: ReadonlyMap<string, number>;
}

/** Asks the admin interface at `http://host:port` or `host:port`. Throws `envoy-unreachable`, `settings-invalid`. */
export async function readEnvoyAdmin(address: string): Promise<EnvoyAdmin> {
  const base = URL.parse(address.includes('://') ? address : `http://${address}`);
  if (base === null || (base.protocol !== 'http:' && base.protocol !== 'https:'))
    throw new AppError('settings-invalid', '--envoy is not an http or https URL', { next: 'write it as http://127.0.0.1:9901' });
  const configDump = await ask(base, '/config_dump');
  return { configDump, stats: readStats(await ask(base, `/stats?format=json&filter=${encodeURIComponent(STATS)}`)) };
}

/** Which statistics Envoy is asked for (its own expression, searched for within names). */
const STATS = 'ext_proc|_overflow$|upstream_cx_none_healthy$|upstream_cx_connect_fail$';

async function ask(base: URL, where: string): Promise<string> {
  try {
    const response = await fetch(new URL(where, base), { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    const text = await limitedText(response);
    if (response.ok && text !== undefined) return text;
    throw new AppError('envoy-unreachable', `what answers at ${base.origin} is no admin interface of Envoy (HTTP ${response.status})`);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('envoy-unreachable', `no Envoy answers at ${base.origin}`, { cause });
  }
}

/** The body; undefined when it is over the limit. */
async function limitedText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > ANSWER_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function readStats(text: string): ReadonlyMap<string, number> {
  const { stats = [] } = parseObject(text) as { readonly stats?: unknown };
  return new Map((Array.isArray(stats) ? stats : []).flatMap(statIn));
}

/** Entries without a value are histograms. */
function statIn(entry: unknown): readonly (readonly [string, number])[] {
  if (typeof entry !== 'object' || entry === null || !('name' in entry) || !('value' in entry)) return [];
  const { name, value } = entry;
  return typeof name === 'string' && typeof value === 'number' ? [[name, value]] : [];
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {}; // without counters the configuration is still checked
  }
}
