import { byteOffset } from '../lib/units.ts';
import type { Direction, Lane } from '../text/lane.ts';
import type { OuterSource, Segment, SegmentSource } from '../text/segment.ts';
import type { Carrier, Frame, UninspectableReason } from './frame.ts';

/** A frame of bytes nobody reads; without a reason, one that has no text. */
export const unreadFrame = (bytes: Buffer, uninspectable: UninspectableReason | undefined): Frame => ({
  bytes,
  carriers: undefined,
  segments: [],
  laneEnds: [],
  echoes: [],
  uninspectable,
  position: undefined,
});

/** The lane of text that no dialect names. */
export const plainLane = ({ direction, lane }: { readonly direction: Direction; readonly lane?: Lane | undefined }): Lane =>
  lane ?? (direction === 'request' ? 'user' : 'output');

/** A frame's carriers; of one whose text stands in its bytes, one that carries them as they are. */
export function carriersOf({ carriers, bytes }: Pick<Frame, 'carriers' | 'bytes'>): readonly Carrier[] {
  return carriers ?? [{ bytes, content: bytes, seal: (changed) => changed }];
}

/** The bytes of a frame when its carriers (`carriersOf`) give these, one buffer each; those of an unchanged carrier are its own. */
export function sealed(frame: Pick<Frame, 'bytes' | 'carriers' | 'seal'>, changed: readonly Buffer[]): Buffer {
  if (frame.seal === undefined) return Buffer.concat(changed);
  return changed.every((bytes, i) => bytes === frame.carriers![i]!.bytes) ? frame.bytes : frame.seal(changed);
}

/** Several frames as one, in their order. The reason is the first one's that has any; of positions the last counts. */
export function joinedFrame(frames: readonly Frame[]): Frame {
  const carriers: Carrier[] = [];
  const segments: Segment[] = [];
  const echoes: Frame['echoes'][number][] = [];
  let base = 0;
  for (const frame of frames) {
    const by = base;
    const own = carriersOf(frame);
    segments.push(...frame.segments.map((segment) => ({ ...segment, source: moved(segment.source, by) })));
    echoes.push(...frame.echoes.map(({ start, end }) => ({ start: byteOffset(start + by), end: byteOffset(end + by) })));
    carriers.push(...own);
    for (const { content } of own) base += content.length;
  }
  return {
    bytes: Buffer.concat(frames.map(({ bytes }) => bytes)),
    carriers,
    segments,
    laneEnds: [...new Set(frames.flatMap(({ laneEnds }) => laneEnds))],
    echoes,
    uninspectable: frames.find(({ uninspectable }) => uninspectable !== undefined)?.uninspectable,
    position: frames.at(-1)?.position,
    seal: (changed) => Buffer.concat(sealedEach(frames, changed)),
  };
}

/** The bytes of each of some frames, when their carriers give these. */
function sealedEach(frames: readonly Frame[], changed: readonly Buffer[]): Buffer[] {
  let next = 0;
  return frames.map((frame) => {
    const from = next;
    next += frame.carriers?.length ?? 1;
    return sealed(frame, changed.slice(from, next));
  });
}

function moved(source: SegmentSource, by: number): SegmentSource {
  if (source.kind !== 'nested') return movedSpan(source, by);
  const outer = movedSpan(source.outer, by);
  if (source.head === undefined) return { ...source, outer };
  return { ...source, outer, head: source.head.map((part) => ({ ...part, outer: movedSpan(part.outer, by) })) };
}

function movedSpan<T extends OuterSource | Exclude<SegmentSource, { readonly kind: 'nested' }>>(span: T, by: number): T {
  return { ...span, start: byteOffset(span.start + by), end: byteOffset(span.end + by) };
}
