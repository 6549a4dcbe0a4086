/** Throws when our own code is wrong. The exchange it happens in ends by its fail mode; the process lives. Never for bad input. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}

/** Closes a switch over a union: a kind nobody handles does not compile. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)?.length ?? 0} characters of an unknown kind`);
}
