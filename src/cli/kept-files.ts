import type { ExtProcServer } from '../extproc/server.ts';
import { formatProblem } from '../policy/problem.ts';
import type { createLog } from '../telemetry/log.ts';
import type { AdminStatus } from './admin.ts';
import type { Counters } from './counters.ts';
import { LOG_EVENT } from './filter-log.ts';
import { type LoadedPolicy, loadPolicy } from './policy.ts';
import { keepLoaded, type Reloading } from './reloading.ts';
import type { Settings } from './settings.ts';
import { type LoadedTls, loadTls, type TlsFiles } from './tls.ts';

export interface ReloadSinks {
  readonly counters: Counters;
  readonly log: ReturnType<typeof createLog>;
}

/** The policy as settings name it, followed as its file changes. `warm`: compiled as the filter needs it. */
export function keepPolicy(
  { policy, mode }: Settings,
  { counters, log, warm, onReloaded }: ReloadSinks & { readonly warm: boolean; readonly onReloaded: (loaded: LoadedPolicy) => void },
): Reloading<LoadedPolicy> {
  const kept = keepLoaded({
    what: 'policy',
    files: policy.value === undefined ? [] : [policy.value],
    load() {
      const loaded = loadPolicy(policy.value, mode.value as 'observe' | 'enforce' | undefined);
      if (warm) loaded.policy.warm();
      for (const warning of loaded.warnings) log.warn({ event: LOG_EVENT.policyWarning }, formatProblem(warning));
      return loaded;
    },
    onReload(result) {
      counters.reloaded('policy', result);
      if (result === 'success') onReloaded(kept.current());
    },
    named: ({ policy: { version, mode: inForce } }) => ({ policy: version, mode: inForce }),
    log,
  });
  return kept;
}

export function keepTls(
  files: TlsFiles | undefined,
  { counters, log, server }: ReloadSinks & { readonly server: () => ExtProcServer },
): Reloading<LoadedTls> | undefined {
  if (files === undefined) return undefined;
  return keepLoaded({
    what: 'tls',
    files: [files.cert, files.key, ...(files.clientCa === undefined ? [] : [files.clientCa])],
    load: () => loadTls(files),
    adopt: ({ material }) => server().setTls(material),
    onReload: (result) => counters.reloaded('tls', result),
    named: ({ notAfter }) => ({ notAfter }),
    log,
  });
}

export function policyStatus(reloading: Reloading<LoadedPolicy>): AdminStatus['policy'] {
  const { policy, source } = reloading.current();
  return { version: policy.version, mode: policy.mode, source, ...reloading.status() };
}

export function clientsOf({ material }: LoadedTls): 'checked' | 'any' {
  return material.clientCa === undefined ? 'any' : 'checked';
}

/** What Envoy speaks with the filter. */
export function transportOf(tls: AdminStatus['tls']): 'plain' | 'tls' | 'mtls' {
  if (tls === undefined) return 'plain';
  return tls.clients === 'any' ? 'tls' : 'mtls';
}
