/** How Node runs the commands of Sluice. */
export const NODE_FLAGS = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=8', // megabytes; half of the default costs nothing measurable and a third less memory under load (bench memory)
  // What every exchange makes lives as long as its answer takes. Once V8 has seen many live long, it makes all of them old from the start,
  // and each is there until the whole heap is collected.
  '--no-allocation-site-pretenuring',
  '--expose-gc', // `sluice serve` collects once when it is ready: what compiling the policy needed is given back
];

/**
 * Its environment. glibc gives each thread a heap of its own, and what one freed stays with it: with one for all, the filter's resident
 * memory is a twelfth smaller (134 MB to 122 idle). The threads beside the main one hardly allocate.
 */
export const NODE_ENVIRONMENT = { MALLOC_ARENA_MAX: '1' };
