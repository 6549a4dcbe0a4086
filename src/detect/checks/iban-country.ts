/**
 * What follows the two check digits of an IBAN, by country code, from the SWIFT IBAN registry (ISO 13616): `4a14n` is four letters and 14
 * digits, `c` is either.
 */
const REGISTERED = readStructures([
  'AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BI23n BR23n1a1c BY4c4n16c CH5n12c CR18n CY8n16c CZ20n DE18n',
  'DJ23n DK14n DO4c20n EE16n EG25n ES20n FI14n FK2a12n FO14n FR10n11c2n GB4a14n GE2a16n GI4a15c GL14n GR7n16c GT24c HN4a20n',
  'HR17n HU24n IE4a14n IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c LB4n20c LC4a24c LI5n12c LT16n LU3n13c LV4a13c',
  'LY21n MC10n11c2n MD20c ME18n MK3n10c2n MN16n MR23n MT4a5n18c MU4a19n3a NI4a20n NL4a10n NO11n OM3n16c PK4a16c PL24n PS4a21c',
  'PT21n QA4a21c RO4a16c RS18n RU14n15c SA2n18c SC4a20n3a SD14n SE20n SI15n SK20n SM1a10n12c SO19n ST21n SV4a20n TL19n TN20n',
  'TR5n1c16c UA6n19c VA18n VG4a16n XK16n YE4a4n18c',
]);

/** Countries whose banks use the format without being in the registry. */
const UNREGISTERED = readStructures([
  'AO21n BF2c22n BJ2c22n CF23n CG23n CI2a22n CM23n CV21n DZ22n GA23n GQ23n GW2c19n IR22n KM23n MA24n MG23n ML2c22n MZ21n NE2a22n',
  'SN2a22n TD23n TG2a22n',
]);

const CHECKED_UNITS = 4;

/** Length of an IBAN by country code. */
export const IBAN_LENGTHS = lengthsOf(REGISTERED);

/** The same for countries that are not in the registry. */
export const UNREGISTERED_IBAN_LENGTHS = lengthsOf(UNREGISTERED);

/** Whether letters and digits of an IBAN (upper case, no spaces) stand where its country has them. */
export function hasIbanStructure(iban: string): boolean {
  const parts = partsOf(REGISTERED.get(iban.slice(0, 2)) ?? UNREGISTERED.get(iban.slice(0, 2)) ?? '');
  let at = CHECKED_UNITS;
  for (const { length, kind } of parts) {
    for (const end = at + length; at < end; at++) {
      const isDigit = iban[at]! >= '0' && iban[at]! <= '9';
      if ((kind === 'n' && !isDigit) || (kind === 'a' && isDigit)) return false;
    }
  }
  return at === iban.length;
}

function readStructures(rows: readonly string[]): ReadonlyMap<string, string> {
  return new Map(rows.flatMap((row) => row.split(' ').map((entry) => [entry.slice(0, 2), entry.slice(2)] as const)));
}

function lengthsOf(structures: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const lengthOf = (structure: string): number => partsOf(structure).reduce((sum, { length }) => sum + length, CHECKED_UNITS);
  return new Map([...structures].map(([country, structure]) => [country, lengthOf(structure)]));
}

interface Part {
  readonly length: number;
  readonly kind: string;
}

function partsOf(structure: string): readonly Part[] {
  const parts: Part[] = [];
  for (let i = 0; i < structure.length; i++) {
    const length = Number.parseInt(structure.slice(i), 10);
    i += String(length).length;
    parts.push({ length, kind: structure[i]! });
  }
  return parts;
}
