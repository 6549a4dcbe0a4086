/** The value when it is an object with keys (no list, no null); undefined otherwise. Ask for keys with `Object.hasOwn`. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
}
