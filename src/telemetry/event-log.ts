import { setTimeout as delay } from 'node:timers/promises';
import type { Attributes } from '@opentelemetry/api';
import { logQueueOf, watchLogDelivery } from './log-delivery.ts';
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
  /** Queues an event; over `QUEUE_EVENTS_MAX` waiting ones it is lost. */
  emit(event: LogEvent): void;
  /** Sends what waits. Never rejects. */
  shutdown(): Promise<void>;
}

/** What became of events that did not arrive. */
export interface EventLoss {
  readonly count: number;
  readonly reason: 'queue-full' | 'unreachable' | 'shutdown';
}

export interface EventLogOptions {
  readonly service: string;
  readonly version: string;
  readonly onLoss: (loss: EventLoss) => void;
}

const [INFO, WARN] = [9, 13];
/** Events that wait; as many as for a webhook. */
const QUEUE_EVENTS_MAX = 2000;
/** Longest time that the end of the process waits for the backend. */
const SHUTDOWN_MS = 3000;

/** Starts the SDK for log records alone; it reads the standard `OTEL_*` variables of `process.env`. Ask `signalsFrom` first. */
export async function startEventLog({ service, version, onLoss }: EventLogOptions): Promise<EventLog> {
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
  const delivery = watchLogDelivery(api.logs.getLoggerProvider());
  const handedMax = logQueueOf(process.env);
  const queue: LogEvent[] = [];
  let inHand = 0;
  let sending: Promise<void> | undefined;
  const lose = (count: number, reason: EventLoss['reason']): void => {
    if (count > 0) onLoss({ count, reason });
  };

  /** The SDK's own queue drops without a word: it gets as much as it holds, and more when that has left. */
  async function send(): Promise<void> {
    while (queue.length > 0) {
      const events = queue.splice(0, handedMax);
      inHand = events.length;
      for (const event of events) logger.emit(recordOf(event));
      await delivery.flush();
      inHand = 0;
      lose(delivery.takeFailed(), 'unreachable');
    }
  }

  const wake = (): Promise<void> => {
    sending ??= send().finally(() => {
      sending = undefined;
    });
    return sending;
  };
  return {
    emit(event) {
      if (queue.length >= QUEUE_EVENTS_MAX) return lose(1, 'queue-full');
      queue.push(event);
      setImmediate(() => void wake()); // what is told in one turn leaves together
    },
    async shutdown() {
      const late = new AbortController();
      const ended = wake()
        .then(() => sdk.shutdown())
        .then(
          () => late.abort(),
          () => late.abort(), // a backend that is gone is no reason to fail
        );
      await Promise.race([ended, delay(SHUTDOWN_MS, undefined, { signal: late.signal }).catch(() => {})]);
      lose(queue.splice(0).length + inHand, 'shutdown');
      api.logs.disable();
    },
  };
}

const recordOf = ({ name, timeMs, isWarning, attributes }: LogEvent) => ({
  eventName: name,
  timestamp: new Date(timeMs),
  severityNumber: isWarning ? WARN : INFO,
  severityText: isWarning ? 'WARN' : 'INFO',
  attributes,
});
