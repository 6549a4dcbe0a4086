import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** V8's collector. `everything`: the whole heap; `young`: what was made lately and nobody of the rest refers to. */
export interface Collector {
  everything(): void;
  young(): void;
  /** Bytes that objects take now, those among them that nobody needs and that were not collected. */
  usedBytes(): number;
}

export function openCollector(): Collector {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void;
  return {
    everything: () => collect(),
    young: () => collect({ type: 'minor' }),
    usedBytes: () => getHeapStatistics().used_heap_size,
  };
}
