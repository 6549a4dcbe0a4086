/** How a benchmark is run. */
export interface BenchOptions {
  /** Only to see that everything works: fewer and shorter blocks. Nothing is recorded. */
  readonly quick: boolean;
  /** How long the load of `memory` lasts. */
  readonly minutes: number;
  /** Of `stream`, at once. */
  readonly streams: number;
}
