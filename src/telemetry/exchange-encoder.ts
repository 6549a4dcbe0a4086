import type { ExchangeRecord } from '../exchange/events.ts';
import { createTextMemo, type TextMemo } from '../lib/text-memo.ts';
import type { BackWriter } from './back-writer.ts';
import { EXCHANGE_NAME, EXCHANGE_ROWS, type ExchangeRow, findingsSummary, isError, isPresent, type RowSources } from './exchange-rows.ts';
import type { TracedExchange } from './exchange-span.ts';
import { encodeKey, writeEnd, writeIds, writeName, writeSpanAttribute, writeSpanAttributes, writeTimes } from './otlp-writer.ts';

/**
 * A function that writes exchanges as bytes: the span that `exchangeSpan` makes plain data of, without making it. What exchanges have again
 * and again (hosts, models, names of tools) is found in the bytes it had before.
 */
export function createExchangeEncoder(out: BackWriter, sources: RowSources): (exchange: TracedExchange) => Buffer {
  const rows = EXCHANGE_ROWS.map((row) => rowWriter(out, row, sources)).toReversed();
  const name = known(out, EXCHANGE_NAME.by, (record) => writeName(out, EXCHANGE_NAME.value(record, sources)));
  return (exchange) => {
    const { record, parentSpanId, news } = exchange;
    const { startUnixMs } = record;
    out.begin();
    writeEnd(out, isError(record), parentSpanId === undefined ? FLAGS.root : FLAGS.belowRemote);
    writeSpanAttributes(out, news);
    writeSpanAttributes(out, findingsSummary(record.findings));
    for (const write of rows) write(record);
    writeTimes(out, { startUnixMs, endUnixMs: Math.max(startUnixMs, record.endUnixMs), kind: 'server' });
    name(record);
    writeIds(out, exchange);
    return out.finish();
  };
}

/** `SpanFlags` of OTLP: SAMPLED of W3C, and bit 8 for knowing bit 9, whether the parent is another process's. */
export const FLAGS = { root: 0x101, belowLocal: 0x101, belowRemote: 0x301 } as const;

/** Bytes of one attribute that are kept. */
const KNOWN_BYTES = 256 * 1024;
/** Longest text under which they are. */
const KEY_UNITS_MAX = 2048;

function rowWriter(out: BackWriter, { name, value, by }: ExchangeRow, sources: RowSources): (record: ExchangeRecord) => void {
  const key = encodeKey(name);
  const write = (record: ExchangeRecord): void => {
    const given = value(record, sources);
    if (isPresent(given)) writeSpanAttribute(out, key, given);
  };
  return by === undefined ? write : known(out, by, write);
}

/**
 * Writes what was written before under the same text. Most exchanges have the text of the one before: to compare two costs a fraction of
 * finding one among many, for which a new text has to be hashed first.
 */
function known(
  out: BackWriter,
  by: (record: ExchangeRecord) => string | undefined,
  write: (record: ExchangeRecord) => void,
): (record: ExchangeRecord) => void {
  const memo: TextMemo<Uint8Array> = createTextMemo({ bytesMax: KNOWN_BYTES });
  let last: { readonly text: string; readonly written: Uint8Array } | undefined;
  return (record) => {
    const text = by(record);
    if (text === undefined) return;
    const before = text === last?.text ? last.written : memo.get(text);
    if (before !== undefined) {
      if (text !== last?.text) last = { text, written: before };
      return out.bytes(before);
    }
    const since = out.length();
    write(record);
    const written = out.copySince(since);
    if (text.length <= KEY_UNITS_MAX) memo.set(text, written, written.length + 2 * text.length);
  };
}
