import { createHmac, createSecretKey, randomUUID } from 'node:crypto';
import type { ExchangeRecord } from '../exchange/events.ts';
import { openExchange } from '../exchange/machine.ts';
import { createExtProcServer, type ExtProcServer, type ListenOptions } from '../extproc/server.ts';
import { AppError } from '../lib/errors.ts';
import { createLog, findingLine, type LogLevel } from '../telemetry/log.ts';
import { templatePath } from '../telemetry/path-template.ts';
import { startTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import { formatAddress, type ListenAddress, listenError, parseAddress, parseTcpAddress } from './address.ts';
import { startAdmin } from './admin.ts';
import { type Counters, createCounters } from './counters.ts';
import { LOG_EVENT } from './filter-log.ts';
import { installationKey } from './installation-key.ts';
import { createNameRedaction } from './name-redaction.ts';
import { loadPolicy } from './policy.ts';
import { exitCodeAfter, untilAskedToStop } from './processes.ts';
import { type RecordFlags, startRecorder } from './record.ts';
import { type Flags, resolveSettings, settingsFiles } from './settings.ts';
import { VERSION } from './version.ts';

/** How long open exchanges may take to end after SIGTERM, in milliseconds; a little less than most supervisors wait. */
const DRAIN_MS = 8_000;

/** How long recordings that wait may take to be written after that, in milliseconds. */
const RECORDER_CLOSE_MS = 1_000;

type Log = ReturnType<typeof createLog>;

/**
 * `sluice serve`: the filter for somebody's Envoy. Logs one JSON line with `event: "ready"` when it listens. SIGTERM and SIGINT drain:
 * not ready, open exchanges end, telemetry leaves. Resolves to the exit code.
 */
export async function serve(flags: Flags & RecordFlags): Promise<number> {
  const asked = untilAskedToStop(['SIGINT', 'SIGTERM']);
  const settings = resolveSettings({ flags, environment: process.env, files: settingsFiles(process.env) });
  const listen = parseAddress(settings.listen.value!, settings.listen.origin);
  const adminAddress = parseTcpAddress(settings.admin.value!, settings.admin.origin);
  const inventory = inventoryUrl(settings.inventory);
  const log = createLog({ level: settings.logLevel.value as LogLevel });
  const { policy, source, warnings } = loadPolicy(settings.policy.value, settings.mode.value as 'observe' | 'enforce' | undefined);
  for (const { line, column, message } of warnings) log.warn({ event: 'policy-warning' }, `${source}:${line}:${column}: ${message}`);

  const key = installationKey();
  const counters = createCounters();
  const recorder = await startRecorder(flags, { counters, log });
  const redact = createNameRedaction();
  const telemetry = startTelemetry({
    env: process.env,
    inventoryUrl: inventory,
    serviceVersion: VERSION,
    installationKey: key,
    redact,
    onLoss: ({ destination, count, reason }) => {
      counters.lost(destination, count);
      log.warn({ event: 'telemetry-lost', destination, count, reason }, `${count} records did not reach the ${destination} (${reason})`);
    },
  });
  const secret = createSecretKey(key);
  const hash = (credential: string) => createHmac('sha256', secret).update(`credential\0${credential}`).digest('hex');
  const server = createExtProcServer({
    openExchange: (context) => {
      const setup = { ...context, policy, exchangeId: randomUUID(), fallbackModes: FALLBACK_MODES };
      const exchange = openExchange({ ...setup, hash });
      return recorder?.tee(exchange, setup) ?? exchange;
    },
    onRecord: (record) => keepRecord(record, { counters, telemetry, log, redact }),
    onError: (error, where) => log.error({ event: 'exchange-error', where, err: error }, `an exchange went wrong (${where})`),
  });
  const bound = await listenOn(server, listen);
  let ready = true;
  const status = () => ({
    version: VERSION,
    listen: formatAddress(bound),
    policy: { version: policy.version, mode: policy.mode, source },
    inventory,
    openExchanges: server.openExchanges(),
  });
  const admin = await startAdmin({ ...adminAddress, counters, status, isReady: () => ready }).catch(async (error: unknown) => {
    await server.close({ deadlineMs: 0 });
    throw error;
  });
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' }); // once, before any traffic; see setup/node-flags.js
  log.info({ event: LOG_EVENT.ready, listen: formatAddress(bound), admin: admin.url, policy: policy.version, mode: policy.mode }, 'ready');

  const reason = await asked;
  ready = false;
  log.info({ event: 'draining', openExchanges: server.openExchanges() }, 'draining');
  await server.close({ deadlineMs: DRAIN_MS });
  await recorder?.close({ deadlineMs: RECORDER_CLOSE_MS });
  await telemetry.shutdown();
  await admin.close();
  return exitCodeAfter(reason);
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
  if (record.findings.length === 0 || !log.isLevelEnabled('info')) return;
  const path = templatePath(record.path, redact);
  for (const finding of record.findings) {
    const { detector, severity, lane, direction, action, taken } = finding;
    const fields = {
      event: LOG_EVENT.finding,
      exchange: record.exchangeId,
      detector,
      severity,
      lane,
      direction,
      action,
      taken,
      method: record.method,
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

function inventoryUrl({ value, origin }: { readonly value: string | undefined; readonly origin: string }): string | undefined {
  if (value === undefined) return undefined;
  const url = URL.parse(value);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return value;
  throw new AppError('settings-invalid', `${origin} is not an http or https URL`);
}
