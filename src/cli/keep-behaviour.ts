import { AppError } from '../lib/errors.ts';
import { FIXED } from '../lib/limits.ts';
import { type BehaviourStore, behaviourFile, openBehaviourStore, readKept } from '../services/behaviour-store.ts';
import type { createLog } from '../telemetry/log.ts';
import { formatAddress, type ListenAddress } from './address.ts';
import type { LocalBehaviourBook } from './behaviour-book.ts';
import { stateFolder } from './state.ts';
import { type CounterHub, isCounts } from './workers/counter-hub.ts';

export interface KeepBehaviourOptions {
  /** The address of the filter; of several workers the first one's. */
  readonly listen: ListenAddress;
  readonly book: Pick<LocalBehaviourBook, 'snapshot' | 'restore' | 'changes' | 'stats'>;
  /** Of workers. */
  readonly hub?: CounterHub;
  readonly log: ReturnType<typeof createLog>;
}

/**
 * Takes over what an earlier filter at this address knew of its callers, and keeps it from now on. Undefined: nothing is kept, for a port
 * that the system picks is nobody's a second time. Nothing here throws but `state-unusable` for the state folder itself.
 */
export function keepBehaviour({ listen, book, hub, log }: KeepBehaviourOptions): BehaviourStore | undefined {
  if (listen.kind === 'tcp' && listen.port === 0) return undefined;
  const file = behaviourFile(stateFolder(), formatAddress(listen));
  takeOver({ book, hub, log }, file);
  return openBehaviourStore({
    file,
    *snapshot() {
      yield* book.snapshot();
      if (hub !== undefined) yield* hub.snapshot(Date.now());
    },
    changes: book.changes,
    onError: (err) =>
      log.error(
        { event: 'behaviour-unwritable', err },
        'what is known of callers cannot be written; a restart begins with what was before',
      ),
  });
}

type TakeOver = Pick<KeepBehaviourOptions, 'book' | 'log'> & { readonly hub: CounterHub | undefined };

function takeOver({ book, hub, log }: TakeOver, file: string): void {
  const unread = (why: string, err?: unknown): void =>
    log.warn({ event: 'behaviour-unread', why, err }, `what was known of callers cannot be used (${why}); it is learned anew`);
  try {
    const kept = readKept(file, FIXED.behaviourFileBytes, (pieces) => book.restore(withoutCounts(pieces, hub)));
    if (kept.kind === 'too-large') unread('too large');
    if (kept.kind !== 'read') return;
    if (kept.taken !== 'restored') return unread(WHY[kept.taken]);
    const fields = { agents: book.stats().tables.agents.held, ageMs: Math.max(0, Math.round(Date.now() - kept.savedUnixMs)) };
    log.info({ event: 'behaviour-read', ...fields }, 'what was known of callers is known again');
  } catch (error) {
    unread(error instanceof AppError ? 'unreadable' : WHY.damaged, error);
  }
}

const WHY = { damaged: 'damaged', 'other-key': 'of another key', 'other-version': 'of another version' } as const;

/** What workers have counted goes to the hub; without one nobody asks for it. */
function* withoutCounts(pieces: Iterable<unknown>, hub: CounterHub | undefined): Generator<unknown> {
  for (const piece of pieces) {
    if (isCounts(piece)) hub?.restore(piece);
    else yield piece;
  }
}
