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

const locales = (...names: readonly string[]): string[] => names.map((name) => `['${name}']`);

/**
 * In scope: what the detectors promise to find. Not in scope: names, addresses, places, dates that are no birth dates, domains, number
 * plates, VAT numbers, and tax numbers of countries without a detector.
 */
export const PII_KINDS: readonly PiiKind[] = [
  annotated('CREDIT_CARD', ['pii.card']),
  annotated('PHONE_NUMBER', ['pii.phone']),
  annotated('EMAIL_ADDRESS', ['pii.email']),
  annotated('US_SSN', ['pii.us-ssn']),
  annotated('IBAN_CODE', ['pii.iban']),
  annotated('IP_ADDRESS', ['pii.ip-address', 'pii.ipv4', 'pii.ipv6', 'pii.ip']),
  annotated('US_DRIVER_LICENSE', ['pii.driver-licence', 'pii.drivers-licence', 'pii.driver-license', 'pii.us-driver-license']),
  bare('pii_creditcard', 'card', { detectors: ['pii.card'] }),
  bare('pii_email', 'e-mail', { detectors: ['pii.email'] }),
  bare('pii_iban', 'iban', { detectors: ['pii.iban'] }),
  bare('pii_bic', 'bic', { context: 'BIC: ' }),
  bare('pii_btcaddress', 'bitcoin address', {}),
  bare('pii_ethereumaddress', 'ethereum address', {}),
  bare('pii_imei', 'imei', { args: ['[{ allow_hyphens: true }]'], context: 'IMEI: ' }),
  bare('pii_macaddress', 'mac address', {}),
  bare('pii_mobilephone', 'mobile phone', { detectors: ['pii.phone'], args: ["['any', { strictMode: true }]", '[]'] }),
  bare('pii_abarouting', 'routing number', { context: 'routing number: ' }),
  bare('pii_passportnumber', 'passport', {
    args: locales(...'AU CA CN DE ES FR GB IE IN IT JP KR MX NL PL US'.split(' ')),
    context: 'passport number: ',
  }),
  bare('pii_taxid', 'tax id CA', { args: locales('en-CA'), context: 'SIN: ' }),
  bare('pii_taxid', 'tax id DE', { args: locales('de-DE'), context: 'Steuer-ID: ' }),
  bare('pii_taxid', 'tax id DK', { args: locales('dk-DK'), context: 'CPR: ' }),
  bare('pii_taxid', 'tax id ES', { args: locales('es-ES'), context: 'DNI: ' }),
  bare('pii_taxid', 'tax id FI', { args: locales('fi-FI'), context: 'HETU: ' }),
  bare('pii_taxid', 'tax id IN', { args: locales('en-IN'), context: 'PAN: ' }),
  bare('pii_taxid', 'tax id IT', { args: locales('it-IT'), context: 'codice fiscale: ' }),
  bare('pii_taxid', 'tax id BE', { args: locales('nl-BE', 'fr-BE'), context: 'rijksregisternummer: ' }),
  bare('pii_taxid', 'tax id NL', { args: locales('nl-NL'), context: 'BSN: ' }),
  bare('pii_taxid', 'tax id PL', { args: locales('pl-PL'), context: 'PESEL: ' }),
  bare('pii_taxid', 'tax id BR', { args: locales('pt-BR'), context: 'CPF: ' }),
  bare('pii_taxid', 'tax id SE', { args: locales('sv-SE'), context: 'personnummer: ' }),
  bare('pii_taxid', 'tax id US', { args: locales('en-US'), context: 'EIN: ' }),
];
