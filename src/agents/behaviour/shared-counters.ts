/** What is counted for budgets. A whole number of requests, tokens or millionths of a US dollar. */
export type CounterMeasure = 'requests' | 'tokens' | 'microUsd';
export type CounterWindow = 'minute' | 'day';

export interface CounterKey {
  /** A fingerprint under the installation's key: 16 hexadecimal digits, of kind and name together. */
  readonly subject: string;
  readonly measure: CounterMeasure;
  readonly window: CounterWindow;
}

/**
 * Counters of budgets. Local ones belong to a process; with Redis they are the sum over all processes, as known at the last exchange of
 * sums. Both calls are synchronous and never throw: nothing waits for a network.
 */
export interface SharedCounters {
  add(key: CounterKey, amount: number, nowMs: number): void;
  /** In the last 60 s (the minute before counted by its share), or since midnight UTC. */
  read(key: CounterKey, nowMs: number): number;
}
