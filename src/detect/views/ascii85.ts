import { unitAt } from '../../lib/unit-at.ts';
import { createViewBuilder, type View } from './view.ts';

/** What stands in `<~ … ~>` (Adobe's ASCII85) decodes to, one view for each; `z` is four zero bytes, white space is left out. */
export function decodeAscii85(text: string): View[] {
  const views: View[] = [];
  for (let from = text.indexOf('<~'); from >= 0; ) {
    const to = text.indexOf('~>', from + 2);
    if (to < 0) break;
    const view = decode(text, from + 2, to);
    if (view !== undefined) views.push(view);
    from = text.indexOf('<~', to + 2);
  }
  return views;
}

const GROUP_UNITS = 5;
const FIRST = 0x21;
const LAST = 0x75;

interface Decoded {
  readonly bytes: number[];
  /** Where the group of each byte begins and ends. */
  readonly starts: number[];
  readonly ends: number[];
}

/** Undefined when something in it is no ASCII85. */
function decode(text: string, from: number, to: number): View | undefined {
  const decoded: Decoded = { bytes: [], starts: [], ends: [] };
  let group: number[] = [];
  let start = from;
  for (let i = from; i < to; i++) {
    const unit = unitAt(text, i);
    if (unit <= 0x20) continue;
    if (group.length === 0) start = i;
    if (unit === 0x7a && group.length === 0) {
      addGroup(decoded, [0, 0, 0, 0, 0], start, i + 1);
      continue;
    }
    if (unit < FIRST || unit > LAST) return undefined;
    group.push(unit - FIRST);
    if (group.length < GROUP_UNITS) continue;
    addGroup(decoded, group, start, i + 1);
    group = [];
  }
  if (group.length === 1) return undefined;
  if (group.length > 1) addGroup(decoded, group, start, to);
  const { bytes, starts, ends } = decoded;
  const out = createViewBuilder(bytes.length);
  out.addBytes({ bytes, count: bytes.length, startOf: (i) => starts[i]!, endOf: (i) => ends[i]! });
  return out.build();
}

/** A group of five digits is four bytes; a shorter last one, filled up with the highest digit, is one byte less than its digits. */
function addGroup({ bytes, starts, ends }: Decoded, digits: readonly number[], start: number, end: number): void {
  let value = 0;
  for (let i = 0; i < GROUP_UNITS; i++) value = value * 85 + (digits[i] ?? 84);
  for (let i = 0; i < digits.length - 1; i++) {
    bytes.push(Math.floor(value / 256 ** (3 - i)) & 0xff);
    starts.push(start);
    ends.push(end);
  }
}
