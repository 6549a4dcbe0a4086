import { type LaneScan, NO_LIMITS } from '../detect/scan.ts';
import { type Utf16Offset, utf16Offset } from '../lib/units.ts';
import type { LaneEdit } from '../text/segment.ts';
import { createTokenReader } from './token-reader.ts';
import type { ValueTokens } from './value-tokens.ts';

/**
 * The scan of a text of the answer in which tokens become values again. `scan` sees the text as it came, with its tokens: what is restored
 * is no finding. Where it redacts, nothing is restored. Undefined `scan`: no rule looks at the text; undefined `tokens`: nothing is restored.
 */
export function restoringScan(scan: LaneScan | undefined, tokens: ValueTokens | undefined): LaneScan {
  const inner = scan ?? unruledScan();
  if (tokens === undefined) return inner;
  const reader = createTokenReader(tokens);
  return {
    push(text) {
      inner.push(text);
      reader.push(text);
    },
    end() {
      inner.end();
      reader.end();
    },
    takeMatches: () => inner.takeMatches(),
    forgetBefore(offset) {
      inner.forgetBefore(offset);
      reader.forgetBefore(offset);
    },
    get settled() {
      return settledOf(inner, reader);
    },
    get length() {
      return inner.length;
    },
    get edits() {
      return withRestored(inner.edits, reader.edits);
    },
    get denied() {
      return inner.denied;
    },
    get exceeded() {
      return inner.exceeded;
    },
  };
}

/** What a token may lose to a redaction is not known before all of it is settled. */
function settledOf(inner: Pick<LaneScan, 'settled'>, reader: { readonly settled: Utf16Offset; readonly edits: readonly LaneEdit[] }) {
  const cut = Math.min(inner.settled, reader.settled);
  const across = reader.edits.find(({ start, end }) => start < cut && end > inner.settled);
  return utf16Offset(across?.start ?? cut);
}

function withRestored(redacted: readonly LaneEdit[], restored: readonly LaneEdit[]): readonly LaneEdit[] {
  if (restored.length === 0) return redacted;
  const kept = restored.filter((one) => !redacted.some(({ start, end }) => start < one.end && one.start < end));
  return [...redacted, ...kept].sort((a, b) => a.start - b.start);
}

/** Of a lane that no rule looks at. */
function unruledScan(): LaneScan {
  let length = 0;
  return {
    push(text) {
      length += text.length;
    },
    end: () => undefined,
    takeMatches: () => [],
    forgetBefore: () => undefined,
    get settled() {
      return utf16Offset(length);
    },
    get length() {
      return utf16Offset(length);
    },
    edits: [],
    denied: undefined,
    exceeded: NO_LIMITS,
  };
}
