import { readFileSync } from 'node:fs';
import { diagnose } from '../doctor/diagnose.ts';
import { type ConfigFinding, SEVERITIES, type Severity } from '../doctor/finding.ts';
import { type PolicyNeeds, policyNeeds } from '../doctor/policy-needs.ts';
import { readEnvoyConfig } from '../doctor/read-config.ts';
import { AppError, EXIT } from '../lib/errors.ts';
import { readDocument } from '../policy/read-document.ts';
import { isAlive } from '../services/is-alive.ts';
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
  readonly policy?: string;
  readonly mode?: string;
  readonly json?: boolean;
}

/**
 * `sluice doctor`: what to change in an Envoy's configuration so that it does what the policy says. Findings to stdout, the gravest first;
 * the tally to stderr. Resolves to the exit code: 1 with a danger, 0 without. Throws `envoy-unreachable`, `config-unreadable`, and what
 * loading a policy throws.
 */
export async function doctor(options: DoctorOptions): Promise<number> {
  const { needs, source } = needsOf(options);
  const { configDump, stats, from } = await readConfiguration(options);
  const read = readEnvoyConfig(configDump);
  if (!read.ok) throw new AppError('config-unreadable', `${from}: ${read.reason}`);
  const findings = diagnose({ config: read.config, needs, cluster: options.cluster, stats });
  if (options.json === true) process.stdout.write(`${JSON.stringify({ version: 1, findings })}\n`);
  else for (const finding of findings) process.stdout.write(findingText(finding, paintFor(process.stdout)));
  say(`${from} against ${source}: ${tally(findings)}`);
  return findings.some(({ severity }) => severity === 'danger') ? EXIT.findings : EXIT.ok;
}

/** The policy as `sluice serve` would find it here. */
function needsOf({ policy: file, mode: wanted }: DoctorOptions): { readonly needs: PolicyNeeds; readonly source: string } {
  const flags = { ...(file === undefined ? {} : { policy: file }), ...(wanted === undefined ? {} : { mode: wanted }) };
  const { policy: named, mode } = resolveSettings({ flags, environment: process.env, files: settingsFiles(process.env) });
  const { policy, source } = loadPolicy(named.value, mode.value as PolicyNeeds['mode'] | undefined);
  const read = readDocument(policySource(named.value));
  if (!read.ok) throw new AppError('policy-invalid', `${source} changed while it was read`);
  return { needs: policyNeeds(policy, read.value), source: `${source} (${policy.mode})` };
}

interface Configuration extends EnvoyAdmin {
  /** What was read, for people. */
  readonly from: string;
}

async function readConfiguration({ envoy, configDump: file }: DoctorOptions): Promise<Configuration> {
  if (file !== undefined && envoy !== undefined) throw new AppError('usage', '--envoy and --config-dump exclude each other');
  if (file !== undefined) return { configDump: readConfigFile(file), stats: new Map(), from: file === '-' ? 'standard input' : file };
  const address = envoy ?? runningEnvoy();
  return { ...(await readEnvoyAdmin(address)), from: address };
}

function readConfigFile(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw new AppError('file-unreadable', `${file === '-' ? 'standard input' : file}: the configuration cannot be read`, { cause });
  }
}

/** Admin address of the Envoy of the `sluice up` that runs. */
function runningEnvoy(): string {
  const last = readLastRun();
  if (last?.envoyAdmin !== undefined && isAlive(last.pid)) return last.envoyAdmin;
  throw new AppError('envoy-unreachable', 'no `sluice up` runs here, and no Envoy was named');
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
