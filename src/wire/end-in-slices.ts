import type { Slices } from '../lib/slices.ts';
import type { BodyReader } from './body-reader.ts';
import type { Frame } from './frame.ts';

/** Ends a body in slices, where its reader has any. */
export function* endInSlices(reader: BodyReader | undefined): Slices<readonly Frame[]> {
  if (reader?.endInSlices !== undefined) return yield* reader.endInSlices();
  return reader?.end() ?? [];
}
