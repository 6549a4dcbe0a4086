import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { diagnose, diagnoseFilter } from '../doctor/diagnose.ts';
import { type FilterStatus, readFilterStatus } from '../doctor/filter-status.ts';
import { byGravity, type ConfigFinding, SEVERITIES, type Severity } from '../doctor/finding.ts';
import { type PolicyNeeds, policyNeeds } from '../doctor/policy-needs.ts';
import { type RawConfig, readEnvoyConfig } from '../doctor/read-config.ts';
import { AppError, EXIT } from '../lib/errors.ts';
import { readDocument } from '../policy/read-document.ts';
import { isAlive } from '../services/is-alive.ts';
import { callAdmin } from './call-admin.ts';
import { type EnvoyAdmin, readEnvoyAdmin } from './envoy-admin.ts';
import { loadPolicy, policySource } from './policy.ts';
import { printable } from './printable.ts';
import { resolveSettings, settingsFiles } from './settings.ts';
import { readLastRun } from './state.ts';
import { type Paint, paintFor, say } from './terminal.ts';

export interface DoctorOptions {
  readonly envoy?: string;
  readonly configDump?: string;
  readonly cluster?: string;
  /** Admin address of a filter. */
  readonly admin?: string;
  readonly policy?: string;
  readonly mode?: string;
  readonly json?: boolean;
}

/**
 * `sluice doctor`: what to change in an Envoy's configuration so that it does what the policy says, and what a running filter is in trouble
 * with. Findings to stdout, the gravest first; the tally to stderr. Resolves to the exit code: 1 with a danger, 0 without. Throws
 * `envoy-unreachable`, `filter-unreachable`, `config-unreadable`, and what loading a policy throws.
 */
export async function doctor(options: DoctorOptions): Promise<number> {
  const { cluster } = options;
  const { envoy: envoyAt, filter: filterAt } = placesOf(options);
  const envoy = envoyAt && (await readConfiguration(envoyAt));
  const filter = filterAt === undefined ? undefined : { from: filterAt, status: await readStatus(filterAt) };
  const { needs, source, policyVersion } = needsOf(filter === undefined ? options : { ...policyOf(filter.status), ...options });
  const findings = byGravity([
    ...(envoy === undefined ? [] : diagnose({ config: envoy.config, needs, cluster, stats: envoy.stats })),
    ...(filter === undefined
      ? []
      : diagnoseFilter({ ...filter, needs, policyVersion, envoy: envoy && { config: envoy.config, cluster }, nowMs: Date.now() })),
  ]);
  const from = [envoy, filter].flatMap((one) => one?.from ?? []).join(' and ');
  if (options.json === true) process.stdout.write(`${JSON.stringify({ version: 1, findings })}\n`);
  else for (const finding of findings) process.stdout.write(findingText(finding, paintFor(process.stdout)));
  say(`${from} against ${source}: ${tally(findings)}`);
  return findings.some(({ severity }) => severity === 'danger') ? EXIT.findings : EXIT.ok;
}

/** The filter's own policy, where it can be read here: a filter elsewhere has its files there, and one that is wrong is not in force. */
function policyOf({ policy: { source, mode, lastFailedReload } }: FilterStatus): Pick<DoctorOptions, 'policy' | 'mode'> {
  const isHere = path.isAbsolute(source) && existsSync(source) && lastFailedReload === undefined;
  return { mode, ...(isHere && { policy: source }) };
}

interface Needs {
  readonly needs: PolicyNeeds;
  readonly policyVersion: string;
  /** For people. */
  readonly source: string;
}

/** The policy as `sluice serve` would find it here. */
function needsOf({ policy: file, mode: wanted }: DoctorOptions): Needs {
  const flags = { ...(file === undefined ? {} : { policy: file }), ...(wanted === undefined ? {} : { mode: wanted }) };
  const { policy: named, mode } = resolveSettings({ flags, environment: process.env, files: settingsFiles(process.env) });
  const { policy, source } = loadPolicy(named.value, mode.value as PolicyNeeds['mode'] | undefined);
  const read = readDocument(policySource(named.value));
  if (!read.ok) throw new AppError('policy-invalid', `${source} changed while it was read`);
  return { needs: policyNeeds(policy, read.value), policyVersion: policy.version, source: `${source} (${policy.mode})` };
}

/** What is examined: at least one of the two. */
interface Places {
  readonly envoy: { readonly address: string } | { readonly file: string } | undefined;
  /** Admin address of the filter. */
  readonly filter: string | undefined;
}

function placesOf({ envoy, configDump: file, admin }: DoctorOptions): Places {
  if (file !== undefined && envoy !== undefined) throw new AppError('usage', '--envoy and --config-dump exclude each other');
  if (file !== undefined) return { envoy: { file }, filter: admin };
  if (envoy !== undefined) return { envoy: { address: envoy }, filter: admin };
  return admin === undefined ? runningUp() : { envoy: undefined, filter: admin };
}

/** Envoy and filter of the `sluice up` that runs. */
function runningUp(): Places {
  const last = readLastRun();
  if (last?.envoyAdmin === undefined || !isAlive(last.pid))
    throw new AppError('envoy-unreachable', 'no `sluice up` runs here, and no Envoy was named');
  return { envoy: { address: last.envoyAdmin }, filter: last.admin };
}

interface Configuration extends Pick<EnvoyAdmin, 'stats'> {
  readonly config: RawConfig;
  /** What was read, for people. */
  readonly from: string;
}

async function readConfiguration(place: NonNullable<Places['envoy']>): Promise<Configuration> {
  const from = 'address' in place ? place.address : nameOf(place.file);
  const { configDump, stats } =
    'address' in place ? await readEnvoyAdmin(place.address) : { configDump: readConfigFile(place.file), stats: new Map<string, number>() };
  const read = readEnvoyConfig(configDump);
  if (!read.ok) throw new AppError('config-unreadable', `${from}: ${read.reason}`);
  return { config: read.config, stats, from };
}

const nameOf = (file: string): string => (file === '-' ? 'standard input' : file);

function readConfigFile(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw new AppError('file-unreadable', `${nameOf(file)}: the configuration cannot be read`, { cause });
  }
}

async function readStatus(address: string): Promise<FilterStatus> {
  const { status, text } = await callAdmin(address, { method: 'GET', path: '/status', tokenFile: undefined });
  const read = status === 200 ? readFilterStatus(text) : undefined;
  if (read !== undefined) return read;
  throw new AppError('filter-unreachable', `what answers at ${address} is no admin address of a filter (HTTP ${status})`);
}

const STYLES = { danger: 'red', warning: 'yellow', note: 'cyan' } as const satisfies Record<Severity, string>;

/** A finding as a paragraph: what is set, where, what it means, what to put instead. */
function findingText({ severity, set, where, means, put }: ConfigFinding, paint: Paint): string {
  const head = `${paint(STYLES[severity], severity.padEnd(8))} ${paint('bold', printable(set))}`;
  const remedy = put === undefined ? [] : [`put into the ${put.into}:`, ...put.yaml.split('\n').map((line) => `  ${line}`)];
  return `${[head, ...[where, means, ...remedy].map((line) => `         ${printable(line)}`)].join('\n')}\n\n`;
}

function tally(findings: readonly ConfigFinding[]): string {
  const counts = SEVERITIES.map((severity) => [severity, findings.filter((one) => one.severity === severity).length] as const);
  return counts.map(([severity, count]) => `${count} ${severity}${count === 1 ? '' : 's'}`).join(', ');
}
