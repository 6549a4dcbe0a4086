import { AppError } from '../lib/errors.ts';

/**
 * Does `work` with a file or folder of the installation's state. Where the file system refuses (a volume that is read-only, full or somebody
 * else's) it throws `state-unusable`, which names the path; anything else is thrown as it came.
 */
export function inState<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause && 'code' in cause)) throw cause;
    throw new AppError('state-unusable', `${where}: the state folder cannot be used (${String(cause.code)})`, { cause });
  }
}
