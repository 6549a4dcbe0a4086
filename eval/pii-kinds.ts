import type { DataRecord, DataSpan } from './records.ts';

/** A kind of personal data that a set has examples of. */
export interface PiiKind {
  readonly name: string;
  readonly set: string;
  /** Detectors that stand for it; any of the family when absent. */
  readonly detectors?: readonly string[];
  /** What must be found in a record. */
  readonly wanted: (record: DataRecord) => readonly DataSpan[];
  /** Whether a record looks like it and is not. */
  readonly isLookAlike: (record: DataRecord) => boolean;
  /** Written before a bare value that no detector may take without its name beside it. Look-alikes get none. */
  readonly context?: string;
}

/** Annotated in whole sentences: a look-alike is every record without the type. */
function annotated(type: string, detectors: readonly string[]): PiiKind {
  return {
    name: type.toLowerCase(),
    set: 'pii_presidio_large',
    detectors,
    wanted: ({ spans = [] }) => spans.filter((span) => span.type === type),
    isLookAlike: ({ spans = [] }) => spans.every((span) => span.type !== type),
  };
}

interface BareOptions {
  readonly detectors?: readonly string[];
  /** The validator's arguments, e.g. `['de-DE']`; those without any when absent. */
  readonly args?: readonly string[];
  readonly context?: string;
}

/** Bare values of a validator's tests: valid ones are wanted, invalid ones are look-alikes. */
function bare(kind: string, name: string, { args, ...rest }: BareOptions): PiiKind {
  const isMeant = (record: DataRecord): boolean =>
    record.kind === kind && (args === undefined ? (record.meta?.args ?? null) === null : args.includes(record.meta?.args ?? ''));
  return {
    name,
    set: 'pii_validatorjs',
    ...rest,
    wanted: (record) => (isMeant(record) && record.label === 1 ? [{ start: 0, end: record.text.length, type: kind }] : []),
    isLookAlike: (record) => isMeant(record) && record.label === 0,
  };
}

/** Countries whose tax numbers are in scope: the validator's locales, the word beside a bare number, the detectors. */
const TAX_NUMBERS: readonly (readonly [locales: string, context: string, detectors: string])[] = [
  ['en-CA', 'SIN', 'ca-sin'],
  ['de-DE', 'Steuer-ID', 'de-steuer-id'],
  ['dk-DK', 'CPR', 'dk-cpr'],
  ['es-ES', 'DNI', 'es-dni es-nie'],
  ['fi-FI', 'HETU', 'fi-hetu'],
  ['fr-FR', 'numéro fiscal', 'fr-tax-number'],
  ['en-IN', 'PAN', 'in-pan'],
  ['it-IT', 'codice fiscale', 'it-codice-fiscale'],
  ['nl-BE fr-BE', 'rijksregisternummer', 'be-national-number'],
  ['nl-NL', 'BSN', 'nl-bsn'],
  ['pl-PL', 'PESEL', 'pl-pesel pl-nip'],
  ['pt-BR', 'CPF', 'br-cpf br-cnpj'],
  ['sv-SE', 'personnummer', 'se-personnummer'],
  ['en-US', 'EIN', 'us-ein'],
];

const PASSPORTS = 'AU CA CN DE ES FR GB IE IN IT JP KR MX NL PL US';

/** As the validator's tests write the arguments of a locale. */
const argsOf = (names: string): string[] => names.split(' ').map((name) => `['${name}']`);
const idsOf = (names: string): string[] => names.split(' ').map((name) => `pii.${name}`);

/**
 * In scope: what the detectors promise to find. Not in scope: names, addresses, places, dates that are no birth dates, domains, number
 * plates, VAT numbers, and tax numbers of countries without a detector.
 */
export const PII_KINDS: readonly PiiKind[] = [
  annotated('CREDIT_CARD', idsOf('card')),
  annotated('PHONE_NUMBER', idsOf('phone')),
  annotated('EMAIL_ADDRESS', idsOf('email')),
  annotated('US_SSN', idsOf('us-ssn')),
  annotated('IBAN_CODE', idsOf('iban')),
  annotated('IP_ADDRESS', idsOf('ip-address')),
  annotated('US_DRIVER_LICENSE', idsOf('driver-licence')),
  bare('pii_creditcard', 'card', { detectors: idsOf('card') }),
  bare('pii_email', 'e-mail', { detectors: idsOf('email') }),
  bare('pii_iban', 'iban', { detectors: idsOf('iban') }),
  bare('pii_bic', 'bic', { detectors: idsOf('bic'), context: 'BIC: ' }),
  bare('pii_btcaddress', 'bitcoin address', { detectors: idsOf('bitcoin-address') }),
  bare('pii_ethereumaddress', 'ethereum address', { detectors: idsOf('ethereum-address') }),
  bare('pii_imei', 'imei', { detectors: idsOf('imei'), context: 'IMEI: ' }),
  bare('pii_imei', 'imei with hyphens', { detectors: idsOf('imei'), args: ['[{ allow_hyphens: true }]'], context: 'IMEI: ' }),
  bare('pii_macaddress', 'mac address', { detectors: idsOf('mac-address') }),
  bare('pii_mobilephone', 'mobile phone', { detectors: idsOf('phone'), args: ["['any', { strictMode: true }]", '[]'] }),
  bare('pii_abarouting', 'routing number', { context: 'routing number: ' }),
  bare('pii_passportnumber', 'passport', { detectors: idsOf('passport'), args: argsOf(PASSPORTS), context: 'passport number: ' }),
  ...TAX_NUMBERS.map(([locales, word, detectors]) =>
    bare('pii_taxid', `tax number ${locales}`, { detectors: idsOf(detectors), args: argsOf(locales), context: `${word}: ` }),
  ),
];
