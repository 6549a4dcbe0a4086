import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createLocalCounters, type SharedCounters } from '../agents/behaviour/shared-counters.ts';
import type { Stop } from '../agents/stops.ts';
import type { ExchangeRecord } from '../exchange/events.ts';
import { openExchange } from '../exchange/machine.ts';
import { createExtProcServer, type ErrorPlace, type ExtProcServer, type ListenOptions } from '../extproc/server.ts';
import { AppError } from '../lib/errors.ts';
import { FIXED } from '../lib/limits.ts';
import { formatProblem } from '../policy/problem.ts';
import { createAgentDesk } from '../services/agent-desk.ts';
import { createConversationStore } from '../services/conversation-store.ts';
import { createIdentifier } from '../services/identity.ts';
import { isAlive } from '../services/is-alive.ts';
import { createRedisCounters, type RedisState } from '../services/redis.ts';
import { shareStops } from '../services/shared-stops.ts';
import { changeStops, watchStops } from '../services/stop-list.ts';
import { createTokenVault } from '../services/token-vault.ts';
import { openToolRegistry } from '../services/tool-registry.ts';
import { openUsageStore } from '../services/usage-store.ts';
import { withSafeSubjects } from '../telemetry/exchange-span.ts';
import { createLog, findingLine, type LogLevel } from '../telemetry/log.ts';
import { safeName, templatePath } from '../telemetry/path-template.ts';
import { startTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import { formatAddress, type ListenAddress, listenError, parseAddress, parseTcpAddress } from './address.ts';
import { type AdminStatus, startAdmin } from './admin.ts';
import { appendAdminAction } from './admin-actions.ts';
import { readAdminTokens } from './admin-calls.ts';
import { createCallerWatch } from './caller-watch.ts';
import { type Counters, createCounters } from './counters.ts';
import { LOG_EVENT } from './filter-log.ts';
import { hashWith } from './identity-hash.ts';
import { installationKey } from './installation-key.ts';
import { createNameRedaction } from './name-redaction.ts';
import { type LoadedPolicy, loadPolicy } from './policy.ts';
import { exitCodeAfter, untilAskedToStop } from './processes.ts';
import { type RecordFlags, startRecorder } from './record.ts';
import { keepLoaded, type Reloading } from './reloading.ts';
import { countOf, type Flags, inventoryTokenOf, resolveSettings, type Settings, settingsFiles, sizeOf } from './settings.ts';
import { stateFolder } from './state.ts';
import { type LoadedTls, loadTls, type TlsFiles, tlsFiles } from './tls.ts';
import { usageNames } from './usage-names.ts';
import { VERSION } from './version.ts';

/** How long open exchanges may take to end after SIGTERM, in milliseconds; a little less than most supervisors wait. */
const DRAIN_MS = 8_000;

/** How long recordings that wait may take to be written after that, in milliseconds. */
const RECORDER_CLOSE_MS = 1_000;

type Log = ReturnType<typeof createLog>;

/**
 * `sluice serve`: the filter for somebody's Envoy. Logs one JSON line with `event: "ready"` when it listens. SIGTERM and SIGINT drain:
 * not ready, open exchanges end, telemetry leaves. SIGHUP and changed files load policy and TLS certificate anew; open exchanges and
 * connections keep what they began with. Resolves to the exit code.
 */
export async function serve(flags: Flags & RecordFlags): Promise<number> {
  const asked = untilAskedToStop(['SIGINT', 'SIGTERM']);
  const settings = resolveSettings({ flags, environment: process.env, files: settingsFiles(process.env) });
  const listen = parseAddress(settings.listen.value!, settings.listen.origin);
  const adminAddress = parseTcpAddress(settings.admin.value!, settings.admin.origin);
  const tokens = settings.adminTokenFile.value === undefined ? undefined : readAdminTokens(settings.adminTokenFile.value);
  const inventory = inventoryUrl(settings.inventory);
  const inventoryToken = inventoryTokenOf(settings);
  const log = createLog({ level: settings.logLevel.value as LogLevel });
  const heldBytesMax = sizeOf(settings.processBytes);
  const spoolBytes = sizeOf(settings.spoolBytes, 0);
  const maxConcurrentStreams = countOf(settings.maxConcurrentStreams);
  const counters = createCounters();
  const key = installationKey();
  const recorder = await startRecorder(flags, { counters, log });
  const onReloaded = (): void => watch.configure(policy.current().policy.behaviour);
  const policy = keepPolicy(settings, { counters, log, onReloaded });
  const tls = keepTls(tlsFiles(settings), { counters, log, server: () => server });
  process.on('SIGHUP', () => {
    policy.reload();
    tls?.reload();
  });
  const redact = createNameRedaction();
  const telemetry = startTelemetry({
    env: process.env,
    inventoryUrl: inventory,
    inventoryToken,
    spool: spoolBytes === 0 ? undefined : { folder: join(stateFolder(), 'spool'), bytesMax: spoolBytes },
    serviceVersion: VERSION,
    installationKey: key,
    redact,
    onLoss: ({ destination, count, reason }) => {
      counters.lost(destination, count);
      log.warn({ event: 'telemetry-lost', destination, count, reason }, `${count} records did not reach the ${destination} (${reason})`);
    },
  });
  const hash = hashWith(key);
  let started: ExtProcServer | undefined;
  const stops = watchStops({
    folder: stateFolder(),
    onChange: (list) => stopsChanged(list, { log, server: () => started }),
    onError: (message) => log.error({ event: 'stops-unreadable' }, `${message}; the orders before it stay in force`),
  });
  const shared = shareState(redisUrl(settings.redis), { log, onTaken: stops.look });
  const tools = openToolRegistry({
    folder: stateFolder(),
    now: Date.now,
    mayKeep: (name) => redact(name) === name,
    onError: (message) => log.error({ event: 'tools-unreadable' }, `${message}; the tools known before it count`),
  });
  const usage = openUsageStore({
    folder: stateFolder(),
    machine: hostname(),
    pid: process.pid,
    isAlive,
    fit: usageNames(redact),
    onError: (message) => log.error({ event: 'usage-unwritable' }, `${message}; what agents use is counted and not kept`),
  });
  const watch = createCallerWatch({
    ...(shared && { counters: shared.counters }),
    policy: policy.current().policy.behaviour,
    key,
    hash,
    redact,
    onStop: (order) => stopByPolicy(order, log),
  });
  const desk = createAgentDesk({
    identifier: createIdentifier({ hash, now: Date.now, onKeySetFailure: (issuer, message) => keySetFailed(issuer, message, log) }),
    conversations: createConversationStore(),
    vault: createTokenVault(),
    stops: stops.stops,
    tools,
    usage,
    watch,
    hash,
    now: Date.now,
  });
  const server = createExtProcServer({
    advise: desk.advise,
    openExchange: (context) => {
      const identity = { exchangeId: randomUUID(), fallbackModes: FALLBACK_MODES, consults: true };
      const setup = { ...context, ...identity, policy: policy.current().policy };
      const exchange = openExchange({ ...setup, hash });
      return recorder?.tee(exchange, setup) ?? exchange;
    },
    onRecord: (record) => keepRecord(withSafeSubjects(desk.finished(record), redact), { counters, telemetry, log, redact }),
    onError: (error, where) => reportError(error, where, { counters, log }),
    tls: tls?.current().material,
    maxConcurrentStreams,
    heldBytesMax,
  });
  started = server;
  const bound = await listenOn(server, listen);
  let ready = true;
  const status = () => ({
    version: VERSION,
    listen: formatAddress(bound),
    policy: policyStatus(policy),
    tls: tls && { notAfter: tls.current().notAfter, clients: clientsOf(tls.current()), ...tls.status() },
    inventory,
    openExchanges: server.openExchanges(),
    heldBytes: server.heldBytes(),
    redis: shared?.status(),
  });
  const admin = await startAdmin({ ...adminAddress, calls: { tokens }, counters, status, isReady: () => ready }).catch(
    async (error: unknown) => {
      await server.close({ deadlineMs: 0 });
      throw error;
    },
  );
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' }); // once, before any traffic; see setup/node-flags.js
  const { version, mode } = policy.current().policy;
  const transport = tls === undefined ? 'plain' : clientsOf(tls.current()) === 'any' ? 'tls' : 'mtls';
  log.info({ event: LOG_EVENT.ready, listen: formatAddress(bound), admin: admin.url, policy: version, mode, transport }, 'ready');

  const reason = await asked;
  ready = false;
  policy.close();
  tls?.close();
  stops.close();
  log.info({ event: 'draining', openExchanges: server.openExchanges() }, 'draining');
  await server.close({ deadlineMs: DRAIN_MS });
  await shared?.close();
  tools.close();
  usage.close();
  await recorder?.close({ deadlineMs: RECORDER_CLOSE_MS });
  await telemetry.shutdown();
  await admin.close();
  return exitCodeAfter(reason);
}

/** Ends what the orders cover; a server that does not exist yet has nothing open. */
function stopsChanged(
  list: readonly Stop[],
  { log, server }: { readonly log: Log; readonly server: () => ExtProcServer | undefined },
): number {
  const ended = server()?.stop(list) ?? 0;
  const orders = list.map(({ id, scope, by }) => ({ id, scope, by }));
  if (list.length > 0 || ended > 0)
    log.warn({ event: 'stops-changed', orders, ended }, `${list.length} stops stand; ${ended} open exchanges ended`);
  return ended;
}

/** A finding whose policy says `stop`: as if somebody had typed it. */
function stopByPolicy(order: Stop, log: Log): void {
  try {
    changeStops(stateFolder(), (stops) =>
      stops.some(({ scope, name }) => scope === order.scope && name === order.name) ? stops : [...stops, order],
    );
    appendAdminAction({ action: 'stop', by: order.by, reason: order.reason, detail: { id: order.id, scope: order.scope } });
  } catch (error) {
    log.error({ event: 'stop-failed', err: error }, 'a stop that the policy wants could not be written');
  }
}

interface SharedState {
  readonly counters: SharedCounters;
  status(): NonNullable<AdminStatus['redis']>;
  close(): Promise<void>;
}

/** What filters of several machines have in common: budgets and stops. Without Redis each goes by what it knows, and says so. */
function shareState(
  url: string | undefined,
  { log, onTaken }: { readonly log: Log; readonly onTaken: () => void },
): SharedState | undefined {
  if (url === undefined) return undefined;
  const onState = (what: 'budgets' | 'stops') => (state: RedisState, reason: string) => {
    const isAlone = state === 'local';
    log[isAlone ? 'error' : 'info'](
      { event: 'redis-state', what, state },
      isAlone ? `${what} are of this process alone: ${reason}` : reason,
    );
  };
  const local = createLocalCounters(FIXED.behaviourCounters);
  const counters = createRedisCounters({ url, local, onState: onState('budgets') });
  const stops = shareStops({ url, folder: stateFolder(), onTaken, onState: onState('stops') });
  return {
    counters,
    status: () => ({ budgets: counters.state, stops: stops.state, failures: counters.stats().failed + stops.failed }),
    close: async () => void (await Promise.all([counters.close(), stops.close()])),
  };
}

function keySetFailed(issuer: string, message: string, log: Log): void {
  log.error({ event: 'key-set-failed', issuer }, `the keys of ${issuer} cannot be had: ${message}`);
}

interface ReloadSinks {
  readonly counters: Counters;
  readonly log: Log;
}

function keepPolicy(
  { policy, mode }: Settings,
  { counters, log, onReloaded }: ReloadSinks & { readonly onReloaded: () => void },
): Reloading<LoadedPolicy> {
  return keepLoaded({
    what: 'policy',
    files: policy.value === undefined ? [] : [policy.value],
    load() {
      const loaded = loadPolicy(policy.value, mode.value as 'observe' | 'enforce' | undefined);
      loaded.policy.warm();
      for (const warning of loaded.warnings) log.warn({ event: 'policy-warning' }, formatProblem(warning));
      return loaded;
    },
    onReload(result) {
      counters.reloaded('policy', result);
      if (result === 'success') onReloaded();
    },
    log,
  });
}

function keepTls(
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
    log,
  });
}

function policyStatus(reloading: Reloading<LoadedPolicy>): AdminStatus['policy'] {
  const { policy, source } = reloading.current();
  return { version: policy.version, mode: policy.mode, source, ...reloading.status() };
}

function clientsOf({ material }: LoadedTls): 'checked' | 'any' {
  return material.clientCa === undefined ? 'any' : 'checked';
}

/** Failed handshakes are the peer's trouble and may come by the thousand: counted, and logged only for who looks for them. */
function reportError(error: unknown, where: ErrorPlace, { counters, log }: ReloadSinks): void {
  if (where === 'handshake') {
    counters.handshakeFailed();
    log.debug({ event: 'tls-handshake-failed', err: error }, 'a peer did not get through the TLS handshake');
  } else log.error({ event: 'exchange-error', where, err: error }, `an exchange went wrong (${where})`);
}

/** Body modes when Envoy does not say which ones it runs; never full-duplex, where a missing answer loses data. */
const FALLBACK_MODES = { request: 'buffered', response: 'buffered' } as const;

interface RecordSinks {
  readonly counters: Counters;
  readonly telemetry: Telemetry;
  readonly log: Log;
  readonly redact: (name: string) => string;
}

function keepRecord(record: ExchangeRecord, { counters, telemetry, log, redact }: RecordSinks): void {
  counters.add(record);
  telemetry.record(record);
  const silent = record.findings.length === 0 && record.uninspected.length === 0;
  if (silent || !log.isLevelEnabled('info')) return;
  const path = templatePath(record.path, redact);
  const { exchangeId: exchange, outcome } = record;
  const method = safeName(record.method, redact);
  for (const { direction, reason } of record.uninspected) {
    log.info({ event: LOG_EVENT.uninspected, exchange, direction, reason, outcome, method, path }, `${direction} not inspected: ${reason}`);
  }
  for (const finding of record.findings) {
    const { detector, severity, lane, direction, action, taken } = finding;
    const fields = {
      event: LOG_EVENT.finding,
      exchange,
      detector,
      severity,
      lane,
      direction,
      action,
      taken,
      subject: finding.subject,
      rule: finding.rule,
      reason: finding.reason,
      explanation: finding.explanation,
      agent: record.caller?.agent,
      method,
      path,
    };
    log.info(fields, findingLine(record, finding, { redact }));
  }
}

async function listenOn(server: ExtProcServer, address: ListenAddress): Promise<ListenAddress> {
  const where: ListenOptions = address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port };
  const bound = await server.listen(where).catch((error: unknown) => {
    throw listenError(error, formatAddress(address));
  });
  return 'path' in bound ? { kind: 'unix', path: bound.path } : { kind: 'tcp', host: bound.host, port: bound.port };
}

function redisUrl({ value, origin }: { readonly value: string | undefined; readonly origin: string }): string | undefined {
  if (value === undefined) return undefined;
  const protocol = URL.parse(value)?.protocol;
  if (protocol === 'redis:' || protocol === 'rediss:') return value;
  throw new AppError('settings-invalid', `${origin} is not a redis or rediss URL`);
}

function inventoryUrl({ value, origin }: { readonly value: string | undefined; readonly origin: string }): string | undefined {
  if (value === undefined) return undefined;
  const url = URL.parse(value);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return value;
  throw new AppError('settings-invalid', `${origin} is not an http or https URL`);
}
