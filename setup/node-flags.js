/** How Node runs the commands of Sluice. */
export const NODE_FLAGS = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=8', // megabytes; half of the default costs nothing measurable and a third less memory under load (bench memory)
  '--expose-gc', // `sluice serve` collects once when it is ready: what compiling the policy needed is given back
];
