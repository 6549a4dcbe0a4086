/** Why a long-running command ends. */
export type StopReason = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'parent-gone';

/**
 * Resolves when this process is asked to end: by a signal (Ctrl-C, `kill`, a closed terminal) or because the process that started it
 * through an IPC channel is gone. Further signals change nothing: the end is already under way.
 */
export function untilAskedToStop(signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']): Promise<StopReason> {
  const { promise, resolve } = Promise.withResolvers<StopReason>();
  for (const signal of signals) process.on(signal, () => resolve(signal as StopReason));
  if (process.connected) {
    process.once('disconnect', () => resolve('parent-gone'));
    // Listening alone would keep this process from ending by itself.
    process.channel?.unref();
  }
  return promise;
}

/** Exit code after an orderly end: 130 when a person interrupted it, 0 otherwise. */
export function exitCodeAfter(reason: StopReason): number {
  return reason === 'SIGINT' ? 130 : 0;
}
