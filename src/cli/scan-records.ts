import { z } from 'zod';
import type { Finding } from '../policy/finding.ts';
import type { Direction, Lane } from '../text/lane.ts';
import { RECORD_LANES } from './record-lanes.ts';

/** Whatever names a record in its producer's system; given back as it came. */
export type RecordId = string | number | null | undefined;

export interface TextRecord {
  readonly id?: RecordId;
  readonly text: string;
  readonly lane: Lane;
}

export interface WireRecord {
  readonly id?: RecordId;
  readonly body: Buffer;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly direction: Direction;
  readonly path: string | undefined;
  readonly dialect: string | undefined;
}

/** A line that is no record: its id when it has one, and what is wrong, without any of its text. */
export interface BadRecord {
  readonly id?: RecordId;
  readonly error: string;
}

const ID = z.union([z.string(), z.number()]).nullish();
const TEXT = z.object({
  id: ID,
  text: z.string(),
  lane: z.enum(RECORD_LANES).default('user'),
});
const WIRE = z.object({
  id: ID,
  bodyBase64: z.base64(),
  contentType: z.string().nullish(),
  contentEncoding: z.string().nullish(),
  direction: z.enum(['request', 'response']),
  path: z.string().nullish(),
  dialect: z.string().nullish(),
});

/** `{"id","text","lane"}`; `lane` is `user` when absent. */
export function readTextRecord(line: string): TextRecord | BadRecord {
  const read = parse(line, TEXT);
  return read.ok ? read.value : read.bad;
}

/** `{"id","bodyBase64","contentType","contentEncoding"?,"direction","path"?,"dialect"?}`. */
export function readWireRecord(line: string, knowsDialect: (id: string) => boolean): WireRecord | BadRecord {
  const read = parse(line, WIRE);
  if (!read.ok) return read.bad;
  const { id, bodyBase64, direction, contentType, contentEncoding, path, dialect } = read.value;
  if (typeof dialect === 'string' && !knowsDialect(dialect)) return { id, error: 'dialect: unknown' };
  return {
    id,
    body: Buffer.from(bodyBase64, 'base64'),
    contentType: contentType ?? undefined,
    contentEncoding: contentEncoding ?? undefined,
    direction,
    path: path ?? undefined,
    dialect: dialect ?? undefined,
  };
}

/** A finding as the record contract has it: offsets are UTF-16 units in the record's text, or in the lane's text of a body. */
export function findingRow({
  detector,
  family,
  severity,
  confidence,
  lane,
  start,
  end,
  action,
}: Finding): Readonly<Record<string, unknown>> {
  return { detector, family, severity, confidence, lane, start, end, action };
}

function parse<T>(
  line: string,
  schema: z.ZodType<T>,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly bad: BadRecord } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { ok: false, bad: { id: null, error: 'not a JSON object' } };
  }
  const result = schema.safeParse(json);
  if (result.success) return { ok: true, value: result.data };
  const [issue] = result.error.issues;
  const id = ID.safeParse((json as { id?: unknown } | null)?.id);
  return {
    ok: false,
    bad: { id: id.success ? id.data : null, error: `${issue?.path.join('.') || 'record'}: ${issue?.code ?? 'invalid'}` },
  };
}
