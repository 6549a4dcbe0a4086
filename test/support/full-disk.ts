import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { vi } from 'vitest';

/** Every file takes ten bytes of what is written, and says so, as on a disk that has no room for more. The function ends it. */
export async function fullDisk(folder: string): Promise<() => void> {
  const probe = path.join(folder, 'probe');
  const handle = await open(probe, 'w');
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  await rm(probe);
  const takesTen = async () => ({ bytesWritten: 10, buffers: [] });
  const writev = vi.spyOn(prototype, 'writev').mockImplementation(takesTen);
  return () => writev.mockRestore();
}
