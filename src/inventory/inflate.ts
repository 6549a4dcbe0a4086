import { createGunzip } from 'node:zlib';
import type { Reservation } from './body-budget.ts';
import { INTAKE } from './incoming.ts';

export type Inflated =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly reason: 'not-gzip' | 'too-long' | 'no-room' };

/** Bytes that zlib hands out at once. */
const CHUNK_BYTES = 64 * 1024;

/** Inflates a gzip body piece by piece: each is reserved before the next is asked for, so that a small body cannot become a large one unseen. */
export async function inflate(bytes: Buffer, reservation: Reservation): Promise<Inflated> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  gunzip.end(bytes);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > INTAKE.inflatedBytes) return { ok: false, reason: 'too-long' };
      if (!reservation.take(chunk.length)) return { ok: false, reason: 'no-room' };
      chunks.push(chunk);
    }
  } catch {
    return { ok: false, reason: 'not-gzip' };
  }
  return { ok: true, bytes: Buffer.concat(chunks, length) };
}
