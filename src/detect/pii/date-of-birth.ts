import { isBirthDay, numbersOf, YEAR_MAX } from '../checks/birth-day.ts';
import { labelled } from '../checks/label.ts';
import { detector } from '../detector.ts';
import { foldText } from '../views/fold.ts';

const MONTHS = [
  ['jan', 'ene', 'gen', 'янв', 'sty', 'oca'],
  ['feb', 'fév', 'fev', 'fev', 'фев', 'lut', 'şub'],
  ['mar', 'mär', 'mrt', 'мар'],
  ['apr', 'avr', 'abr', 'апр', 'kwi', 'nis'],
  ['may', 'mai', 'mag', 'mei', 'мая', 'май'],
  ['jun', 'juin', 'giu', 'июн', 'cze', 'haz'],
  ['jul', 'juil', 'lug', 'июл', 'lip', 'tem'],
  ['aug', 'aoû', 'aou', 'ago', 'авг', 'sie', 'ağu'],
  ['sep', 'set', 'сен', 'wrz', 'eyl'],
  ['oct', 'okt', 'out', 'ott', 'окт', 'paź', 'eki'],
  ['nov', 'ноя', 'lis', 'kas'],
  ['dec', 'déc', 'dez', 'dic', 'дек', 'gru', 'ara'],
];
const MONTH = `(?:${MONTHS.flat().join('|')})[a-zа-яäéûñç]{0,7}\\.?`;

const hasLabel = labelled(
  [
    'dob',
    'd o b',
    'born',
    'birth*',
    'date of birth',
    'geboren*',
    'geburt*',
    'geb',
    'né',
    'née',
    'naissance',
    'nacid*',
    'nacimiento',
    'nacim*',
    'nascim*',
    'nascid*',
    'nascita',
    'nato',
    'nata',
    'geboorte*',
    'urodz*',
    'ur',
    'рожд*',
    'родил*',
    'народ*',
    'doğum*',
    'dogum*',
    'født',
    'fødsels*',
    'född',
    'födelse*',
    'syntym*',
    'syntynyt',
    'narozen*',
    'narodenia',
    'nar',
    'rođen*',
    'rojen*',
    'rojstva',
    'раждане',
    'роден*',
    'д р',
    'născut*',
    'nașterii',
    'gimimo',
    'gimęs',
    'gimusi',
    'sünni*',
    'sündinud',
    'dzimšanas',
    'dzimis',
    'dzimusi',
    'tanggal lahir',
    'tgl lahir',
    'tarikh lahir',
    'született',
    'születés*',
    'γεννήθηκε',
    'γέννησης',
    'ngày sinh',
    '出生',
    '生日',
    '生年月日',
    '생년월일',
    '생일',
    '출생',
    'الميلاد',
    'जन्म',
    'לידה',
    'วันเกิด',
  ],
  48,
);

export default detector({
  name: 'date-of-birth',
  family: 'pii',
  summary: 'Dates of birth: a date that the calendar has, in figures or with the month as a word, after words for being born.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.93,
  pattern: new RegExp(
    [
      '\\b(?:\\d{1,2}[./-]\\d{1,2}[./-](?:\\d{4}|\\d{2})',
      '\\d{1,2} ?[./-] ?\\d{1,2} ?[./-] ?\\d{4}',
      '\\d{4}[./-]\\d{1,2}[./-]\\d{1,2}',
      '(?:19|20)\\d{6}',
      `\\d{1,2}(?:st|nd|rd|th|er|\\.|º)?[ -](?:of |de )?${MONTH},?[ -](?:de |del )?\\d{4}`,
      `(?:${MONTHS.map(([english]) => english).join('|')})[a-z]{0,6}\\.? \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}`,
      '\\d{4} ?年 ?\\d{1,2} ?月 ?\\d{1,2}',
      '\\d{4} ?년 ?\\d{1,2} ?월 ?\\d{1,2})\\b',
      '\\d{4} ?(?:年 ?\\d{1,2} ?月 ?\\d{1,2} ?日|년 ?\\d{1,2} ?월 ?\\d{1,2} ?일)',
    ].join('|'),
    'i',
  ),
  check: isBirthDate,
  context: hasLabel,
  references: ['owasp-llm:LLM02:2026', 'hipaa:164.514(b)(2)'],
  finds: [
    'tarikh lahir 05.01.1987',
    'gimimo data: 1961-07-23',
    'sünniaeg: 08.10.1978',
    'dzimšanas datums 02.07.1999',
    'дата на раждане 09.04.1975',
    'datum rođenja 20.11.1951',
    'д.р. 23.07.1965',
    'născut la 09/03/1953',
    'DOB: 04/22/1965',
    'She was born on 4/22/1965.',
    '{"dateOfBirth":"1984-02-29"}',
    'my birthday is March 3rd, 1990',
    'born 7 December 1988 in Leeds',
    'Geburtsdatum: 17.08.1971',
    'née le 12 août 1969',
    'fecha de nacimiento 3 de mayo de 1992',
    'birth_date=19840229',
    'date of birth (dd/mm/yyyy): 31-12-99',
    'дата рождения 05.11.1979',
    '生年月日：1984年3月12日',
    '출생: 1990년 5월 17일',
    'narozen 17. 5. 1990 v Brně',
    'ngày sinh 17/05/1990',
    'γεννήθηκε 17/05/1990',
    'születési idő: 1990.05.17.',
    'syntynyt 17.5.1990',
    'תאריך לידה: 17/05/1990',
    'วันเกิด 17/05/1990',
    '생년월일 1984년 3월 12일생',
  ],
  ignores: [
    'meeting on 04/22/1965',
    'DOB: 31/31/1965',
    'born on 30/02/1984',
    'dob 2184-02-28',
    'the build of 2024-11-21',
    'adobe 12/12/2020',
    'newborn screening v12.10.2020',
    'born in the 1980s',
    'Birthday cake for 12',
    'date of birth, order 04/22/1965',
  ],
});

/** The check of a candidate. Day and month may stand in either order; a year of two digits may be of either century. */
function isBirthDate(candidate: string): boolean {
  return isPlausible(foldText(candidate).toLowerCase());
}

function isPlausible(date: string): boolean {
  const numbers = numbersOf(date);
  const month = monthOf(date);
  if (numbers.length === 1) return isBirthDay(numbers[0]!.slice(0, 4), numbers[0]!.slice(4, 6), numbers[0]!.slice(6));
  const [first = '', second = '', third = ''] = numbers;
  if (month > 0) return isBirthDay(second, String(month), first);
  if (first.length === 4) return isBirthDay(first, second, third);
  const year = third.length === 4 ? third : `${Number(third) > YEAR_MAX - 2000 ? 19 : 20}${third}`;
  return isBirthDay(year, second, first) || isBirthDay(year, first, second);
}

const FOLDED_MONTHS = MONTHS.map((names) => names.map((name) => foldText(name).toLowerCase()));

/** 1–12 by the first letters of a month's name; 0 when the date has none. */
function monthOf(date: string): number {
  return FOLDED_MONTHS.findIndex((names) => names.some((name) => date.includes(name))) + 1;
}
