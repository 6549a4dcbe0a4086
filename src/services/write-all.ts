import type { FileHandle } from 'node:fs/promises';

/** Writes all of it where the file stands. Rejects also where a disk that fills up takes a part, which is no error to the system. */
export async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  const { bytesWritten } = await handle.writev(chunks);
  const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
  if (bytesWritten < bytes) throw new Error(`${bytesWritten} of ${bytes} bytes were written`);
}
