import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { BehaviourPolicy } from '../agents/behaviour/settings.ts';
import type { Stop } from '../agents/stops.ts';
import type { ExchangeRecord } from '../exchange/events.ts';
import { openExchange } from '../exchange/machine.ts';
import { createExtProcServer, type ErrorPlace, type ExtProcServer, type ListenOptions } from '../extproc/server.ts';
import { remembered } from '../lib/remembered.ts';
import { type AgentDesk, createAgentDesk } from '../services/agent-desk.ts';
import { createIdentifier } from '../services/identity.ts';
import { isAlive } from '../services/is-alive.ts';
import { watchStops } from '../services/stop-list.ts';
import { openToolRegistry } from '../services/tool-registry.ts';
import { openUsageStore } from '../services/usage-store.ts';
import { withSafeSubjects } from '../telemetry/exchange-span.ts';
import type { createLog } from '../telemetry/log.ts';
import { startTelemetry } from '../telemetry/telemetry.ts';
import { usageNames } from '../telemetry/usage-names.ts';
import { formatAddress, type ListenAddress, listenError } from './address.ts';
import type { FilterStatus } from './admin.ts';
import { inBackground } from './background.ts';
import type { CallerState } from './caller-state.ts';
import { createCallerWatch } from './caller-watch.ts';
import type { Counters } from './counters.ts';
import { hashWith } from './identity-hash.ts';
import { keepRecord } from './keep-record.ts';
import { clientsOf, keepPolicy, keepTls, policyStatus, type ReloadSinks } from './kept-files.ts';
import { createNameRedaction } from './name-redaction.ts';
import { type RecordFlags, startRecorder } from './record.ts';
import type { ServeSettings } from './serve-settings.ts';
import type { Settings } from './settings.ts';
import { stateFolder } from './state.ts';
import { VERSION } from './version.ts';

/** How long open exchanges may take to end after SIGTERM, in milliseconds; a little less than most supervisors wait. */
const DRAIN_MS = 8_000;

/** How long recordings that wait may take to be written after that, in milliseconds. */
const RECORDER_CLOSE_MS = 1_000;

type Log = ReturnType<typeof createLog>;

export interface FilterOptions {
  readonly settings: Settings;
  /** The same, checked. */
  readonly checked: ServeSettings;
  /** Where this filter listens. */
  readonly listen: ListenAddress;
  readonly recording: RecordFlags;
  readonly log: Log;
  readonly counters: Counters;
  /** The installation's key. */
  readonly key: Uint8Array;
  /** Opens what is known of callers between exchanges, for the policy of the beginning. */
  readonly openState: (policy: BehaviourPolicy) => CallerState;
}

/** The filter of one process: everything between the port where Envoy comes in and telemetry. */
export interface Filter {
  /** Where it listens, with the port that it has got. */
  readonly listen: ListenAddress;
  status(): FilterStatus;
  /** Loads policy and certificate anew. */
  reload(): void;
  /** Reads the list of stops now. */
  lookAtStops(): void;
  /** Drains: takes no new exchange once Envoy has heard it, lets open ones end, hands over what telemetry and recordings wait for. */
  close(): Promise<void>;
}

/** Starts it. Throws what its settings, its policy and its address are wrong with; nothing is left open then but what ends with the process. */
export async function startFilter(options: FilterOptions): Promise<Filter> {
  const { settings, checked, listen, log, counters, key, openState } = options;
  const recorder = await startRecorder(options.recording, { counters, log });
  const onReloaded = (): void => {
    inBackground(policy.current().policy.warmRest());
    watch.configure(policy.current().policy.behaviour);
    telemetry.inForce(policy.current().policy);
  };
  const policy = keepPolicy(settings, { counters, log, warm: true, onReloaded });
  const tls = keepTls(checked.tls, { counters, log, server: () => server });
  const redact = createNameRedaction();
  const telemetry = startTelemetry({
    env: process.env,
    inventoryUrl: checked.inventory,
    inventoryToken: checked.inventoryToken,
    spool: checked.spoolBytes === 0 ? undefined : { folder: join(stateFolder(), 'spool'), bytesMax: checked.spoolBytes },
    serviceVersion: VERSION,
    installationKey: key,
    redact,
    onLoss: ({ destination, count, reason }) => {
      counters.lost(destination, reason, count);
      log.warn({ event: 'telemetry-lost', destination, count, reason }, `${count} records did not reach the ${destination} (${reason})`);
    },
  });
  const hash = hashWith(key);
  const hashAddress = remembered(hash);
  let started: ExtProcServer | undefined;
  let isUsed = false;
  const stops = watchStops({
    folder: stateFolder(),
    onChange: (list) => stopsChanged(list, { log, server: () => started }),
    onError: (message) => log.error({ event: 'stops-unreadable' }, `${message}; the orders before it stay in force`),
  });
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
  const { behaviour } = policy.current().policy;
  const { conversations, vault, book, wordKey } = openState(behaviour);
  const watch = createCallerWatch({ policy: behaviour, book, key, hash, redact });
  const desk = createAgentDesk({
    identifier: createIdentifier({ hash, now: Date.now, onKeySetFailure: (issuer, message) => keySetFailed(issuer, message, log) }),
    conversations,
    vault,
    stops: stops.stops,
    tools,
    usage,
    watch,
    wordKey,
    hash,
    now: Date.now,
  });
  const finishing = createFinishing({
    finish: desk.finished,
    keep: (record) => keepRecord(withSafeSubjects(record, redact), { counters, telemetry, log, redact }),
    onError: (error) => reportError(error, 'record', { counters, log }),
  });
  const server = createExtProcServer({
    advise: desk.advise,
    openExchange: (context) => {
      isUsed = true;
      const { traceparent, tracestate, overloaded } = context;
      const setup = {
        policy: policy.current().policy,
        exchangeId: newExchangeId(),
        fallbackModes: FALLBACK_MODES,
        traceparent,
        tracestate,
        overloaded,
        consults: true,
        hash,
        hashAddress,
        learns: telemetry.learns,
        sliced: true,
      };
      const exchange = openExchange(setup);
      return recorder?.tee(exchange, setup) ?? exchange;
    },
    onRecord: finishing.take,
    onError: (error, where) => reportError(error, where, { counters, log }),
    tls: tls?.current().material,
    maxConcurrentStreams: checked.maxConcurrentStreams,
    heldBytesMax: checked.heldBytesMax,
  });
  started = server;
  const bound = await listenOn(server, listen);
  telemetry.inForce(policy.current().policy);
  inBackground(policy.current().policy.warmRest(), () => {
    if (!isUsed) giveBackMemory();
  });
  return {
    listen: bound,
    status: () => ({
      policy: policyStatus(policy),
      tls: tls && { notAfter: tls.current().notAfter, clients: clientsOf(tls.current()), ...tls.status() },
      openExchanges: server.openExchanges(),
      heldBytes: server.heldBytes(),
    }),
    reload() {
      policy.reload();
      tls?.reload();
    },
    lookAtStops: stops.look,
    async close() {
      policy.close();
      tls?.close();
      log.info({ event: 'draining', openExchanges: server.openExchanges() }, 'draining');
      const brokenOff = await server.close({ deadlineMs: DRAIN_MS });
      if (brokenOff > 0)
        log.warn({ event: 'broken-off', exchanges: brokenOff }, `${brokenOff} exchanges did not end in time and were broken off`);
      stops.close(); // open exchanges may be stopped to their end
      await finishing.done();
      await tools.close();
      usage.close();
      await recorder?.close({ deadlineMs: RECORDER_CLOSE_MS });
      await telemetry.shutdown();
    },
  };
}

/** In one piece: Node's is fifteen strings that refer to each other, and an open exchange would keep them all. */
function newExchangeId(): string {
  return Buffer.from(randomUUID(), 'latin1').toString('latin1');
}

/** Before any traffic, which would wait for it: what compiling the policy needed; see setup/node-flags.js. */
export function giveBackMemory(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

interface FinishingOptions {
  readonly finish: AgentDesk['finished'];
  readonly keep: (record: ExchangeRecord) => void;
  readonly onError: (error: unknown) => void;
}

/** Records of exchanges that have ended, on their way to telemetry: what is found about their callers may come from another process. */
function createFinishing({ finish, keep, onError }: FinishingOptions) {
  let open = 0;
  let onDone: (() => void) | undefined;

  function keepOne(record: ExchangeRecord): void {
    try {
      keep(record);
    } catch (error) {
      onError(error);
    }
    over();
  }

  function over(): void {
    open--;
    if (open === 0) onDone?.();
  }

  return {
    take(record: ExchangeRecord): void {
      open++;
      try {
        finish(record, keepOne);
      } catch (error) {
        over();
        onError(error);
      }
    },
    /** Resolves when none is under way. */
    done: () =>
      new Promise<void>((resolve) => {
        onDone = resolve;
        if (open === 0) resolve();
      }),
  };
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

function keySetFailed(issuer: string, message: string, log: Log): void {
  log.error({ event: 'key-set-failed', issuer }, `the keys of ${issuer} cannot be had: ${message}`);
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

async function listenOn(server: ExtProcServer, address: ListenAddress): Promise<ListenAddress> {
  const where: ListenOptions = address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port };
  const bound = await server.listen(where).catch((error: unknown) => {
    throw listenError(error, formatAddress(address));
  });
  return 'path' in bound ? { kind: 'unix', path: bound.path } : { kind: 'tcp', host: bound.host, port: bound.port };
}
