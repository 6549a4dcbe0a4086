import { isUtf8 } from 'node:buffer';
import type { Carrier, UninspectableReason } from '../frame.ts';
import type { JsonDoc, JsonNode } from './json.ts';
import { readJson } from './json.ts';

/** A carrier whose content can be read, and why something in it cannot. */
export interface OpenedChunk {
  readonly carrier: Carrier;
  readonly uninspectable: UninspectableReason | undefined;
}

/**
 * The payload of a `chunk` message, `{"bytes":"<base64>","p":"…"}`, with what the base64 says in its place: JSON as JSON, other text as a
 * string. So all of it is one document, and a seal puts the base64 back. What is no such payload stays as it is; base64 that is not in
 * the one canonical form (decoders differ there) is `invalid-framing`, bytes that are no text are `opaque`.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_PayloadPart.html
 */
export function openChunk(carrier: Carrier, depthMax: number): OpenedChunk {
  const found = bytesFields(carrier.content, depthMax);
  const opened = found.map(({ encoded, ...place }) => ({ ...place, ...openValue(encoded, depthMax) }));
  const uninspectable = opened.find(({ problem }) => problem !== undefined)?.problem;
  if (opened.every(({ form }) => form === 'kept')) return { carrier, uninspectable };
  const content = replaced(carrier.content, opened);
  const forms = opened.map(({ form }) => form);
  return { carrier: { bytes: carrier.bytes, content, seal: (changed) => carrier.seal(closed(changed, forms)) }, uninspectable };
}

/** How the value of a `bytes` field stands in the content. */
type Form = 'json' | 'text' | 'kept';

interface Place {
  readonly start: number;
  readonly end: number;
}

function bytesFields(payload: Buffer, depthMax: number): readonly (Place & { readonly encoded: string | undefined })[] {
  const result = readJson(payload, depthMax);
  if (!result.ok) return [];
  const { doc } = result;
  return bytesValues(doc).map((value) => ({ ...placeOf(doc, value), encoded: doc.type(value) === 'string' ? doc.text(value) : undefined }));
}

function bytesValues(doc: JsonDoc): JsonNode[] {
  const values: JsonNode[] = [];
  doc.fields(doc.root, (key, value) => {
    if (doc.keyIs(key, 'bytes')) values.push(value);
  });
  return values;
}

const placeOf = (doc: JsonDoc, node: JsonNode): Place => ({ start: doc.start(node), end: doc.end(node) });

function openValue(
  encoded: string | undefined,
  depthMax: number,
): { readonly form: Form; readonly text?: Buffer; readonly problem?: UninspectableReason } {
  if (encoded === undefined || encoded === '') return { form: 'kept' };
  const inner = Buffer.from(encoded, 'base64');
  if (inner.toString('base64') !== encoded) return { form: 'kept', problem: 'invalid-framing' };
  const result = readJson(inner, depthMax);
  if (result.ok) {
    const { start, end } = placeOf(result.doc, result.doc.root);
    return { form: 'json', text: inner.subarray(start, end) };
  }
  if (!isUtf8(inner)) return { form: 'kept', problem: 'opaque' };
  return { form: 'text', text: Buffer.from(JSON.stringify(inner.toString('utf8'))) };
}

function replaced(bytes: Buffer, edits: readonly (Place & { readonly text?: Buffer })[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { start, end, text } of edits) {
    if (text === undefined) continue;
    parts.push(bytes.subarray(at, start), text);
    at = end;
  }
  parts.push(bytes.subarray(at));
  return Buffer.concat(parts);
}

/** Deepest nesting any reader takes: what was opened was read within a lower limit. */
const DEPTH_MAX = 512;

/** The payload again: what was opened is base64. A content that is no document any more is carried whole. */
function closed(content: Buffer, forms: readonly Form[]): Buffer {
  const result = readJson(content, DEPTH_MAX);
  if (!result.ok) return Buffer.from(JSON.stringify({ bytes: content.toString('base64') }));
  const { doc } = result;
  const edits = bytesValues(doc).map((value, i) => {
    const place = placeOf(doc, value);
    const form = forms[i] ?? 'kept';
    if (form === 'kept') return place;
    const inner = form === 'text' ? Buffer.from(doc.text(value)) : content.subarray(place.start, place.end);
    return { ...place, text: Buffer.from(`"${inner.toString('base64')}"`) };
  });
  return replaced(content, edits);
}
