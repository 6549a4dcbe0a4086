import { digitGroups, digitsOf, isDigit } from '../checks/digits.ts';
import { labelled } from '../checks/label.ts';
import { hasCallingCode, isPlannedNumber } from '../checks/phone-plan.ts';
import { detector } from '../detector.ts';

const EXTENSION = '(?: ?(?:x|ext\\.? ?|extension )\\d{1,6})?';

/** What signatures and address books write behind a number. */
const LABEL_BEHIND = anyOf('office,mobile,cell,fax,landline,mobil,handy,büro,móvil,fijo,portable,bureau,cellulare,ufficio');
/** What also follows other numbers: only in brackets. */
const BRACKETED_LABEL = anyOf('home,work,direct,privat');

/** A pattern of words, each with or without a capital. */
function anyOf(words: string): string {
  return words
    .split(',')
    .map((word) => `[${word[0]!.toUpperCase()}${word[0]}]${word.slice(1)}`)
    .join('|');
}

export default detector({
  name: 'phone',
  family: 'pii',
  summary: "Phone numbers: international ones by their country's plan, national ones in a known written form or after a word for them.",
  tier: 'block',
  severity: 'medium',
  confidence: 0.85,
  pattern: new RegExp(
    `(?:${[
      '\\+[1-9](?:[ .()/-]{0,3}\\d){6,14}',
      '\\b00[1-9](?:[ .()/-]{0,2}\\d){7,13}',
      '(?:\\b1[ .-]?)?\\(\\d{3}\\) ?\\d{3}[ .-]\\d{4}',
      '\\b(?:1[ .-])?\\d{3}[ .-]\\d{3}[ .-]\\d{4}',
      '\\(0?\\d{2,4}\\)(?:[ ./-]?\\d){5,9}',
      '\\b0\\d(?:[ ./-]?\\d){6,11}',
      '\\b8[ -]?(?:\\(\\d{3}\\) ?|\\d{3}[ -])\\d{3}[ -]\\d{2}[ -]\\d{2}',
      '\\b[1-9]\\d{1,3}(?:[ .-]\\d{2,7}){1,4}',
      '\\b[1-9]\\d{6,10}',
    ].join('|')})${EXTENSION}(?:\\b|[ -](?:${LABEL_BEHIND})\\b| ?\\((?:${LABEL_BEHIND}|${BRACKETED_LABEL})\\))`,
  ),
  check: isPhone,
  matchUnits: (candidate) => lastDigit(candidate) + 1,
  references: ['owasp-llm:LLM02:2026', 'itu:E.164'],
  finds: [
    'جوال 0112388029',
    'נייד 052-123-4567',
    'сот. 8 (912) 345-67-89',
    'fone (11)23718972',
    'call +1 415 555 2671 now',
    'ring +49 (0)30 901820 tomorrow',
    '+442079460958',
    'office: (415) 555-2671',
    '415-555-2671 is my cell',
    'dial 1-415-555-2671',
    'fax 415.555.2671.',
    'my phone number is 4155552671',
    'Tel. 030 901820-11',
    'Tel. 08-19 78 37',
    'Telefon (02997) 52882',
    '+33 1 42 68 53 00, Paris',
    'id,phone 7,415-555-2671',
    'au bureau 01 42 68 53 00',
    'desk (415) 555-2671 ext. 204',
    'from 0044 20 7946 0958',
    'London 020 7946 0958',
    'Handy 0171/3920055',
    'mobile 612 34 56 78',
    '携帯電話 090-1234-5678',
    'phone: 555-0142',
    'Tel: +1-223-087-9502',
    "they're not answering at 449 4898",
    'you reach her at 96 237271',
    'Tlf. 22 33 44 55',
    '312 46 78 (work)',
    'SĐT: 0912 345 678',
    'No. HP 0812-3456-7890',
    'Büro 089 1234567-0',
    'טל 054-1234567',
    'Ph: 9876543210',
    'Rufen Sie uns unter 08031 901820 an',
    'call me at 13812345678',
    'You can reach us on 78245040.',
    'điện thoại: 024 3825 3031',
    'โทร. 02 123 4567',
    'טלפון: 03-5551234',
    '36 81 20 45 office',
    'Ana Ruiz, 912 40 71 (móvil)',
    '301-044-7719-Fax',
    '47 316 208 office\nNew York',
  ],
  ignores: [
    'part 993-737-1511',
    'SKU: 437-321-3755',
    'as defined in Clause 252.227-7013',
    'order 4155552671',
    'at 2024-11-21 10:30:00',
    'pay 4111 1111 1111 1111',
    'id 550e8400-415-555-2671-446655440000',
    'DE89 3704 0044 0532 0130 00',
    'ip 10.415.555.2671',
    '911-555-2671',
    '415-155-2671',
    'UTC+10 2024-11-21',
    'c++1234567890',
    'x = a+1234567890',
    'ratio 1.234567890',
    'version 2.415.555',
    'epoch 1732190400',
    'ref 030 901820-11',
    '+12 34',
    '+999 123 456 789',
    '+33 0142685300 12',
    'from 2019 to 2023-2024',
    'isbn 978-0-306-40615-7',
    'call function 12345678 times',
    'call me at 10:30 on 20241121',
    'mobile since 2019-2023',
    'phone +999 123 456 789',
    'the answer is 449 4898',
    'answering 2019-2023',
    'pick up order 449 4898',
    'part 00123456789',
    'page 08-19 78 37',
    'law (02997) 52882',
    '10 000 000 mobile users',
    '2024-11-21 office hours',
    '12.05.2023 home match',
    'in 2019-2023 work went on',
    '1500000 mobile phones',
    'order 96 237271',
    'batch 96 2372 cell culture',
    'the ratio 45 55 65 office',
    'route 12-34-56 work zone',
    '12 24 36 48 work cycles',
    'at ph 7.4 in 2019-2023',
  ],
});

/** What a number after it is: a phone number, in whatever form. */
const hasLabel = labelled(
  [
    'phone*',
    'telephone*',
    'cellphone*',
    'tel',
    'büro',
    'no hp',
    'nomor hp',
    'sđt',
    'sdt',
    'сот',
    'tlf',
    'puh',
    'ph',
    'telepon*',
    'điện thoại',
    'telef*',
    'teléf*',
    'téléphone*',
    'mobile*',
    'mobil*',
    'cell',
    'cellulare*',
    'celular*',
    'fax*',
    'whatsapp*',
    'sms',
    'dial',
    'handy*',
    'handynummer*',
    'rufnummer*',
    'rückruf*',
    'movil*',
    'móvil*',
    'portable',
    'gsm',
    'hotline*',
    'landline*',
    'voicemail*',
    'switchboard*',
    'fone',
    'fono',
    'cel',
    'cep',
    'natel',
    'telp',
    'τηλ*',
    'κινητ*',
    'جوال',
    'موبايل',
    'נייד',
    '手提',
    'di động',
    'มือถือ',
    'contact number*',
    'call me at',
    'call me on',
    'call us at',
    'call us on',
    'reach me at',
    'reach me on',
    'reach us at',
    'reach us on',
    'text me at',
    'text me on',
    'ring me at',
    'ring me on',
    'komórk*',
    'komork*',
    'тел',
    'телефон*',
    'моб',
    '电话',
    '電話',
    '手机',
    '手機',
    '携帯',
    '전화',
    '휴대폰',
    '연락처',
    'هاتف',
    'फोन',
    'โทร',
    'טלפון',
    'טל',
    'फ़ोन',
    'मोबाइल',
  ],
  32,
);
/** What a number after it may be; then it must be written in groups or be long. */
const hasWeakLabel = labelled(
  [
    'call',
    'calling',
    'ring',
    'answering',
    'answers at',
    'pick up',
    'picks up',
    'picking up',
    'reach*',
    'text me',
    'contact*',
    'llama*',
    'anruf*',
    'ruf',
    'rufen*',
    'appel*',
    'bel',
    'chiama*',
    'zadzw*',
  ],
  24,
);

/** What numbers of the same form are called. */
const hasPartLabel = labelled(
  ['part', 'part no', 'part number', 'sku', 'serial', 'serial number', 'model', 'clause', 'drawing', 'catalog*'],
  16,
);

/** A candidate as it is written. */
interface Written {
  /** Without extension and label. */
  readonly number: string;
  readonly hasExtension: boolean;
  readonly digits: string;
  /** Lengths of its groups of digits, and the same as `3,3,4`. */
  readonly groups: readonly number[];
  readonly form: string;
}

/** The check of a candidate. */
function isPhone(candidate: string, before: string): boolean {
  if (continuesToken(before)) return false;
  const follows = followsDigits(before);
  if (follows && !isDistinct(candidate)) return false;
  const end = lastDigit(candidate) + 1;
  const written = readNumber(candidate.slice(0, end));
  if (end === candidate.length) return isUnlabelledPhone(written, before);
  return !follows && !isUnlabelledPhone(written, before) && isNamedBehind(written, candidate[end] !== ' ');
}

function lastDigit(candidate: string): number {
  let at = candidate.length - 1;
  while (at >= 0 && !isDigit(candidate.charCodeAt(at))) at--;
  return at;
}

function readNumber(text: string): Written {
  const at = Math.max(text.indexOf('x'), text.indexOf('e'));
  const number = at < 0 ? text : text.slice(0, at).trimEnd();
  const groups = digitGroups(number);
  return { number, hasExtension: at >= 0, digits: digitsOf(number), groups, form: groups.join() };
}

/** A number that the word behind it makes a phone number: no amount, date or span of years. A short one is joined to its label. */
function isNamedBehind({ number, digits, groups, form }: Written, isJoined: boolean): boolean {
  if (isYears(number) || isThousands(number, groups) || isWrittenDate(digits, form)) return false;
  if (groups.length > 1) return digits.length >= (isJoined ? 6 : 7) && digits.length + groups.length > 8 && groups.at(-1)! > 1;
  return digits.length >= 9;
}

/** `10 000 000`: groups of three behind the first, the last of them zeros. */
function isThousands(number: string, groups: readonly number[]): boolean {
  return number.endsWith('000') && groups.every((length, i) => length === 3 || (i === 0 && length < 3));
}

/** `2024-11-21`, `21.11.2024` */
function isWrittenDate(digits: string, form: string): boolean {
  return (form === '4,2,2' && isCentury(digits.slice(0, 2))) || (form === '2,2,4' && isCentury(digits.slice(4, 6)));
}

const isCentury = (digits: string): boolean => digits === '19' || digits === '20';

/** What a number alone says; its shape says which rules hold. */
function isUnlabelledPhone(written: Written, before: string): boolean {
  const { number, digits, hasExtension } = written;
  if (number.startsWith('+')) return isInternational(written) || isCalledPhone(written, before);
  if (digits.startsWith('00')) return !followsDigits(before) && isDialledAbroad(written, before);
  if (
    isNorthAmericanForm(written) &&
    !mixesMarks(number) &&
    !hasPartLabel(before) &&
    (hasExtension || number.includes('(') || isNorthAmerican(digits))
  )
    return true;
  if (isNationalForm(written) && !followsDigits(before)) return true;
  return isNamed(written, before);
}

/** A number that only a word makes a phone number. */
function isNamed({ digits, number, groups }: Written, before: string): boolean {
  if (digits.length < 6 || (groups.length > 1 && groups.at(-1)! < 2) || isYears(number)) return false;
  if (hasLabel(before)) return digits.length > 6 || groups.length > 1;
  return (groups.length > 1 ? digits.length + groups.length > 8 : digits.length === 10) && hasWeakLabel(before);
}

/** Part of a longer number, address, identifier or sum: `…-415-555-2671`, `10.415.…`, `c++123`. */
function continuesToken(before: string): boolean {
  const last = before.at(-1) ?? '';
  if (last === '' || last === ' ') return false;
  if (last === '+' || last === '$' || isWordUnit(last)) return true;
  return (last === '-' || last === '.' || last === '/' || last === ':') && isDigit(before.charCodeAt(before.length - 2));
}

/** Whether its first units or its hyphens tell it from the groups of digits around it. */
function isDistinct(candidate: string): boolean {
  return candidate.startsWith('+') || candidate.startsWith('(') || candidate.includes('-');
}

/** Whether digits and a space stand before: the candidate is a part of a longer row of groups. */
function followsDigits(before: string): boolean {
  return before.endsWith(' ') && isDigit(before.charCodeAt(before.length - 2));
}

function isWordUnit(unit: string): boolean {
  return unit.toLowerCase() !== unit.toUpperCase() || (unit >= '0' && unit <= '9') || unit === '_';
}

/** A lone digit at the end is the next word (`… 2 tickets`). The trunk prefix in brackets is not dialled from abroad. */
function isInternational({ digits, number, groups }: Written): boolean {
  if (groups.length > 1 && groups.at(-1) === 1) return false;
  const international = number.includes('(0)') ? digitsOf(number.replace('(0)', '')) : digits;
  return isPlannedNumber(international) && (!international.startsWith('1') || isNorthAmerican(international));
}

/** A number with a plus that its country's plan does not have: an extension or a word for phones makes it one all the same. */
function isCalledPhone(written: Written, before: string): boolean {
  const { digits, groups, hasExtension } = written;
  if (hasExtension && isNorthAmericanForm(written)) return true;
  return digits.length >= INTERNATIONAL_MIN && groups.at(-1) !== 1 && hasCallingCode(digits) && hasLabel(before);
}

/** A calling code and the shortest national number that is written with one. */
const INTERNATIONAL_MIN = 9;

/** With the prefix 00: groups, or a word for phones. */
function isDialledAbroad({ digits, groups }: Written, before: string): boolean {
  const isGrouped = groups.length > 2;
  const called = digits.slice(2);
  return hasCallingCode(called) && (isPlannedNumber(called) || (isGrouped && called.length > 9)) && (isGrouped || hasLabel(before));
}

/** `252.227-7013`: a number of three parts with a stop and a hyphen between them is a clause or a part. */
function mixesMarks(number: string): boolean {
  return number.includes('.') && number.includes('-');
}

function isNorthAmericanForm({ form }: Written): boolean {
  return form === '3,3,4' || form === '1,3,3,4';
}

/** Area and exchange begin with 2–9 and are no service codes (N11). */
function isNorthAmerican(digits: string): boolean {
  const national = digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
  return national.length === 10 && isOffice(Number(national.slice(0, 3))) && isOffice(Number(national.slice(3, 6)));
}

function isOffice(code: number): boolean {
  return code >= 200 && code % 100 !== 11;
}

/** Groups in which countries write their numbers, with the beginnings that are theirs. */
const NATIONAL_FORMS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    '2,2,2,2,2': ['0'], // France
    '3,4,4': ['0'], // United Kingdom, Korea, Japan
    '5,6': ['01', '07'], // United Kingdom
    '4,3,4': ['01', '03', '08'],
    '4,7': ['015', '016', '017'], // German mobile networks
    '5,3,3': ['07'],
    '2,4,4': ['02', '03', '04', '06', '07', '08'], // Australia, Tokyo, Osaka
    '3,3,4': ['0'], // South Africa, Vietnam
    '4,2,2,2': ['04'], // Belgium
    '4,3,2,2': ['05', '06'], // Turkey, Austria
    '4,3,3': ['04', '1800', '1300'],
    '3,3,2,2': ['0'], // Switzerland
    '2,8': ['06'], // Netherlands
    '1,3,3,2,2': ['83', '84', '88', '89'], // Russia, with the trunk prefix
  }),
);

function isNationalForm({ number, digits, form }: Written): boolean {
  if (number.startsWith('(')) return BRACKETED.has(form);
  return NATIONAL_FORMS.get(form)?.some((beginning) => digits.startsWith(beginning)) === true;
}

/** Area code in brackets: Brazil, Germany, United Kingdom, Hungary, New Zealand. */
const BRACKETED: ReadonlySet<string> = new Set(['2,4,4', '2,5,4', '3,4,4', '4,3,4', '3,3,4', '5,6', '2,3,3', '2,3,4', '3,4,3']);

/** `2019-2023`: two years. */
function isYears(number: string): boolean {
  return number.length === 9 && number[4] === '-' && isYear(Number(number.slice(0, 4))) && isYear(Number(number.slice(5)));
}

const isYear = (number: number): boolean => number >= 1900 && number < 2100;
