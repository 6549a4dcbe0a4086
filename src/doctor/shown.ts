/** Longest name or value shown, in UTF-16 units; the rest becomes an ellipsis. */
const SHOWN_MAX = 80;

/** A name or a value from a configuration, bounded. Whoever prints it makes it printable. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX - 1)}…` : text;
}

/** `0.2s`, as a configuration writes it. */
export function seconds(milliseconds: number): string {
  return `${milliseconds / 1000}s`;
}

/** `10 MiB`, `1.5 KiB`, `17 bytes`. */
export function bytes(count: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['GiB', 1024 ** 3],
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
  ];
  const [unit, factor] = units.find(([, size]) => count >= size) ?? ['bytes', 1];
  return `${Math.round((count / factor) * 10) / 10} ${unit}`;
}
