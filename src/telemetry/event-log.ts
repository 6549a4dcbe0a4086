import { setTimeout as delay } from 'node:timers/promises';
import type { Attributes } from '@opentelemetry/api';
import { SCHEMA_URL, SCOPE_NAME } from './semconv.ts';
import { namesService } from './service-name.ts';

/** Something that happened, as a log record with an event name. */
export interface LogEvent {
  readonly name: string;
  /** Unix milliseconds. */
  readonly timeMs: number;
  /** WARN or INFO of the log data model. */
  readonly isWarning: boolean;
  /** Values that are fit to leave. */
  readonly attributes: Attributes;
}

/** Log events to the user's own backend. */
export interface EventLog {
  /** Queues an event with the SDK, whose own queue is bounded (`OTEL_BLRP_MAX_QUEUE_SIZE`); over it the event is lost. */
  emit(event: LogEvent): void;
  /** Sends what waits. Never rejects. */
  shutdown(): Promise<void>;
}

const [INFO, WARN] = [9, 13];
/** Longest time that the end of the process waits for the backend. */
const SHUTDOWN_MS = 3000;

/** Starts the SDK for log records alone; it reads the standard `OTEL_*` variables of `process.env`. Ask `signalsFrom` first. */
export async function startEventLog({ service, version }: { readonly service: string; readonly version: string }): Promise<EventLog> {
  const api = await import('@opentelemetry/api');
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const sdk = new NodeSDK({
    instrumentations: [],
    textMapPropagator: null,
    spanProcessors: [],
    metricReaders: [],
    ...(namesService(process.env) ? {} : { serviceName: service }),
  });
  sdk.start();
  const logger = api.logs.getLogger(SCOPE_NAME, version, { schemaUrl: SCHEMA_URL });
  return {
    emit({ name, timeMs, isWarning, attributes }) {
      logger.emit({
        eventName: name,
        timestamp: new Date(timeMs),
        severityNumber: isWarning ? WARN : INFO,
        severityText: isWarning ? 'WARN' : 'INFO',
        attributes,
      });
    },
    async shutdown() {
      const late = new AbortController();
      const ended = sdk.shutdown().then(
        () => late.abort(),
        () => late.abort(), // a backend that is gone is no reason to fail
      );
      await Promise.race([ended, delay(SHUTDOWN_MS, undefined, { signal: late.signal }).catch(() => {})]);
      api.logs.disable();
    },
  };
}
