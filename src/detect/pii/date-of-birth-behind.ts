import { isBirthDay, numbersOf } from '../checks/birth-day.ts';
import { isDigit } from '../checks/digits.ts';
import { detector } from '../detector.ts';

const EAST_ASIAN =
  '\\d{4} ?(?:年 ?\\d{1,2} ?月 ?\\d{1,2} ?日 ?(?:生まれ[のでだとに、。]|生まれ\\b|生\\b|出生|生于)|년 ?\\d{1,2} ?월 ?\\d{1,2} ?일 ?생\\b)';
const CYRILLIC = '\\b\\d{1,2}\\.\\d{1,2}\\.\\d{4},? (?:г\\. ?р\\b|года рождения|р\\. ?н\\b|року народження)';

export default detector({
  name: 'date-of-birth-behind',
  family: 'pii',
  summary: 'Dates of birth before the word for it, as Japanese, Chinese, Korean, Russian and Ukrainian write them; other dates pass.',
  tier: 'block',
  severity: 'medium',
  confidence: 0.93,
  pattern: new RegExp(`${EAST_ASIAN}|${CYRILLIC}`),
  check: isWrittenBirthDate,
  matchUnits: unitsOfDate,
  references: ['owasp-llm:LLM02:2026', 'hipaa:164.514(b)(2)'],
  finds: [
    '佐藤花子、1990年5月17日生まれ。',
    '山田太郎（1985年12月3日生）',
    '1990年5月17日生まれの女性',
    '张伟，1976年3月17日出生，男',
    '王芳，女，1955年2月20日生于北京',
    '홍길동 1990년 5월 17일생',
    'Иванов Иван, 04.03.1951 г.р., Москва',
    'Петренко О., 27.06.1962 р.н.',
    'Сидорова Анна, 17.03.1956 года рождения',
  ],
  ignores: [
    '1990年5月17日発売',
    '2024年5月17日に生まれ変わる',
    '2024年5月17日生まれ変わった店',
    '2024年5月17日生放送',
    '1990年13月17日生まれ',
    '2190年5月17日生まれ',
    '1990년 5월 17일 생산',
    'приказ от 04.03.1951 г. Москва',
    '31.02.1951 г.р.',
  ],
});

/** The check of a candidate: a day of the calendar, year first in East Asia, last in Cyrillic writing. */
function isWrittenBirthDate(candidate: string): boolean {
  const [first = '', second = '', third = ''] = numbersOf(candidate);
  return first.length === 4 ? isBirthDay(first, second, third) : isBirthDay(third, second, first);
}

/** The date, with the sign for day where it has one. */
function unitsOfDate(candidate: string): number {
  let end = candidate.length;
  while (end > 0 && !isDigit(candidate.charCodeAt(end - 1))) end--;
  const rest = candidate.slice(end).trimStart();
  return rest.startsWith('日') || rest.startsWith('일') ? candidate.indexOf(rest[0]!, end) + 1 : end;
}
