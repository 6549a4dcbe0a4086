import { type LaneScan, NO_LIMITS } from '../../../src/detect/scan.ts';
import { BodyVerdict, type VerdictOptions } from '../../../src/exchange/inspection/body-verdict.ts';
import type { HeldFrame } from '../../../src/exchange/inspection/held-frames.ts';
import type { OpenLane, Placement } from '../../../src/exchange/inspection/open-lanes.ts';
import { byteOffset, utf16Offset } from '../../../src/lib/units.ts';
import type { LaneEdit, Segment } from '../../../src/text/segment.ts';
import type { Frame } from '../../../src/wire/frame.ts';
import { smallPolicy } from '../../support/streams.ts';

const POLICY = smallPolicy('version: 1\n');

/** What judges a body of a policy that denies whatever cannot be inspected. */
export function verdictOptions(more: Partial<VerdictOptions> = {}): VerdictOptions {
  const { limits, failMode } = POLICY;
  return { direction: 'response', mode: 'enforce', failMode, limits, findings: [], ...more };
}

export const newVerdict = (more: Partial<VerdictOptions> = {}): BodyVerdict => new BodyVerdict(verdictOptions(more));

/** A frame of plain text. */
export function textFrame(text: string, more: Partial<Frame> = {}): Frame {
  const bytes = Buffer.from(text);
  const segments: readonly Segment[] = [
    { key: 'text', lane: 'output', text, source: { kind: 'utf8', start: byteOffset(0), end: byteOffset(bytes.length) } },
  ];
  return { bytes, carriers: undefined, segments, laneEnds: [], echoes: [], uninspectable: undefined, position: undefined, ...more };
}

/** A lane as far as a frame sees it: decided up to `settled`, with these edits. */
export function laneWith(state: { settled?: number; edits?: readonly LaneEdit[] }, more: Partial<OpenLane> = {}): OpenLane {
  const scan: LaneScan = {
    push: () => undefined,
    end: () => undefined,
    takeMatches: () => [],
    forgetBefore: () => undefined,
    get settled() {
      return utf16Offset(state.settled ?? 0);
    },
    length: utf16Offset(0),
    get edits() {
      return state.edits ?? [];
    },
    denied: undefined,
    exceeded: NO_LIMITS,
  };
  return { key: 'text', lane: 'output', scan, isKey: false, minting: undefined, ...more };
}

export const edit = (start: number, end: number, replacement = '[X]'): LaneEdit => ({
  start: utf16Offset(start),
  end: utf16Offset(end),
  replacement,
});

export const held = (frame: Frame, placements: Placement[] = []): HeldFrame => ({ frame, placements, removals: [], alone: new Set() });
