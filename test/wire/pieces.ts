import fc from 'fast-check';

/** Runs of a property: few in `npm test`, many in `npm run test:long`. */
export const runs = (few: number, many = few * 50): number => (process.env['SLUICE_TEST_LONG'] === undefined ? few : many);

/** Places to cut at; taken modulo the length. */
export const cutPlaces = fc.array(fc.nat(), { maxLength: 10 });

/** A buffer in pieces. */
export function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
}

export const bytewise = (bytes: Buffer): Buffer[] => pieces(bytes, [...bytes.keys()]);
