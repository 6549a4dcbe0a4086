/**
 * A protobuf message as JSON or YAML shows it: field names in snake case, each field of unknown type until it is read. What does not have
 * the field's type reads as absent: Envoy itself refuses it.
 */
export type Fields = Readonly<Record<string, unknown>>;

/** Message; undefined for anything else. */
export function messageIn(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** Message; one without fields for anything else. */
export function fieldsOf(value: unknown): Fields {
  return messageIn(value) ?? {};
}

/** The messages of a repeated field; none when it is absent. */
export function messagesIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a repeated field; none when it is absent. */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** What Envoy takes for `true` where YAML has a text, in lower case: YAML 1.1 has more words for it than 1.2, and quotes do not matter. */
const TRUE_WORDS: ReadonlySet<unknown> = new Set(['true', 't', 'yes', 'y', 'on', '1']);

/** `true`, a word for it, or a BoolValue written out as `{value: true}`. */
export function isSet(value: unknown): boolean {
  const plain = messageIn(value)?.['value'] ?? value;
  return plain === true || (typeof plain === 'string' && TRUE_WORDS.has(plain.toLowerCase()));
}

/** A whole number: plain, as a decimal text (64-bit fields) or as a wrapper `{value: 1}`. */
export function integerIn(value: unknown): number | undefined {
  const plain = messageIn(value)?.['value'] ?? value;
  const number = typeof plain === 'string' && plain !== '' ? Number(plain) : plain;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

/** A duration in milliseconds, from `1.5s` or `{seconds, nanos}`. */
export function durationMsIn(value: unknown): number | undefined {
  const parts = messageIn(value);
  if (parts !== undefined) return (integerIn(parts['seconds']) ?? 0) * 1000 + (integerIn(parts['nanos']) ?? 0) / 1e6;
  if (typeof value !== 'string' || !value.endsWith('s') || value.length < 2) return undefined;
  const seconds = Number(value.slice(0, -1));
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** The value of an enum by its number, or its name in any letter case, as Envoy takes it; `names` stand in the order of their numbers. */
export function enumIn<const Name extends string>(value: unknown, names: readonly Name[]): Name | undefined {
  if (typeof value === 'number') return names[value];
  const wanted = textIn(value)?.toUpperCase();
  return names.find((name) => name === wanted);
}

/** `envoy.extensions….v3.Router` of a typed configuration; the empty text without one. */
export function typeOf(message: Fields): string {
  const url = textIn(message['@type']) ?? '';
  return url.slice(url.lastIndexOf('/') + 1);
}
