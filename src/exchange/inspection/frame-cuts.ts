import { utf16Offset } from '../../lib/units.ts';
import type { FrameCut } from '../../respond/splice.ts';
import type { Placement } from './open-lanes.ts';

/** What is to be replaced in a frame, by where its segments stand in their lanes. The lanes must be decided as far as it goes. */
export function cutsOf(placements: readonly Placement[]): readonly FrameCut[] {
  return placements.some(({ lane }) => lane.scan.edits.length > 0) ? placements.flatMap(cutsOfSegment) : NO_CUTS;
}

/** The parts of a lane's edits that fall on one segment. The replacement goes where the edit begins; the rest of the covered text goes. */
function cutsOfSegment({ lane, segment, start, end }: Placement): FrameCut[] {
  if (lane.isKey) return [];
  return lane.scan.edits
    .filter((edit) => edit.start < end && edit.end > start)
    .map((edit) => ({
      segment,
      start: utf16Offset(Math.max(edit.start, start) - start),
      end: utf16Offset(Math.min(edit.end, end) - start),
      replacement: edit.start < start ? '' : (lane.minting?.written(edit) ?? edit.replacement),
    }));
}

const NO_CUTS: readonly FrameCut[] = [];
