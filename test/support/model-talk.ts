/** What a stand-in provider says, and what a client gets of it. */
export const EMAIL = 'anna@example.org';
export const MASK = '[REDACTED:pii.email]';
export const KEY = `${'AKIA'}QZ7M3KX5TWNB2RVD`;
export const PLAIN = 'The capital of France is Paris.';
/** An address over four pieces. */
export const CONTACT: readonly string[] = ['Write to an', 'na@exam', 'ple.org', ' and wait.'];
export const REDACTED = `Write to ${MASK} and wait.`;
/** Redacts everything but keys, which deny. */
export const REDACT_AND_DENY = 'version: 1\ndetectors:\n  "*": {action: redact}\n  secret.*: {action: deny}\n';

/** A provider's progress through a stream that stops until its client has got the beginning. */
export interface Pause {
  /** The provider waits here. */
  wait(): Promise<void>;
  /** The client has got something. */
  seen(): void;
}

export function createPause(): Pause {
  let resume: () => void = () => {};
  return {
    wait: () => new Promise<void>((resolve) => (resume = resolve)),
    seen: () => resume(),
  };
}

/** Everything a client gets of a stream; `each` is told at every event. */
export async function all<T>(stream: AsyncIterable<T>, each: () => void = () => {}): Promise<T[]> {
  const events: T[] = [];
  for await (const event of stream) {
    events.push(event);
    each();
  }
  return events;
}
