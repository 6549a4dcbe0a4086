import { delegateOf, fieldOf, hasMethod, isFlushable } from './sdk-parts.ts';

/** What becomes of the log records that the SDK has. Its queue drops without a word when it is full, and its flush resolves in any case. */
export interface LogDelivery {
  /** Waits until what was emitted before has been sent or given up. Never rejects. */
  flush(): Promise<void>;
  /** Records that did not arrive, since the last call. */
  takeFailed(): number;
}

/** Default of `OTEL_BLRP_MAX_QUEUE_SIZE`. */
const LOG_QUEUE = 2048;

/** Records that the SDK's queue holds, as the standard variable says. */
export function logQueueOf(env: Readonly<Record<string, string | undefined>>): number {
  const given = Number(env['OTEL_BLRP_MAX_QUEUE_SIZE']);
  return Number.isSafeInteger(given) && given > 0 ? given : LOG_QUEUE;
}

/**
 * Of the provider that `api.logs` gives after the SDK has started. Failures are heard at the exporters, which the SDK (sdk-logs 3.1) keeps
 * to itself: where it has none in the place we know, none is counted.
 */
export function watchLogDelivery(provider: unknown): LogDelivery {
  const real = delegateOf(provider);
  let failed = 0;
  for (const exporter of exportersOf(real)) {
    const send = exporter.export.bind(exporter);
    exporter.export = (records, done) =>
      send(records, (result) => {
        if (result.code !== SUCCESS) failed += records.length;
        done(result);
      });
  }
  return {
    async flush() {
      if (isFlushable(real)) await real.forceFlush().catch(() => {}); // counted at the exporter
    },
    takeFailed() {
      const taken = failed;
      failed = 0;
      return taken;
    },
  };
}

/** `ExportResultCode.SUCCESS`. */
const SUCCESS = 0;

interface Exporter {
  export(records: readonly unknown[], done: (result: { readonly code: number }) => void): void;
}

function exportersOf(provider: unknown): readonly Exporter[] {
  const active = fieldOf(fieldOf(provider, '_sharedState'), 'activeProcessor');
  const processors = fieldOf(active, 'processors');
  return (Array.isArray(processors) ? processors : [active]).map((one) => fieldOf(one, '_exporter')).filter(isExporter);
}

const isExporter = (value: unknown): value is Exporter => hasMethod(value, 'export');
