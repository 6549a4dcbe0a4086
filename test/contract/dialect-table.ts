import { LANES } from '../../src/text/lane.ts';
import type { WireFormat } from '../../src/wire/format.ts';
import { FORMATS } from '../../src/wire/formats/index.ts';
import { CASES } from './cases.ts';
import type { DialectCase } from './dialect-case.ts';
import { headOfCase } from './playing.ts';

/** docs/dialects.md, from the dialects and the cases that hold them to the contract. */
export function renderDialects(): string {
  const rows = FORMATS.map((format) =>
    row(
      format,
      CASES.filter((one) => one.format === format.id),
    ),
  );
  return `${INTRODUCTION}\n${[line(COLUMNS), line(COLUMNS.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}

const INTRODUCTION = `# Dialects

Made by \`npm run docs\` from the dialects in \`src/wire/formats/\` and the cases in \`test/contract/dialects/\`; a test compares the two. Every
case is played whole, cut everywhere, compressed, in other character sets and with canaries in each place that carries text.

A request is read in the first dialect that knows its path, in the order of the table; where no path is known, the body may say it. Lanes of
such a request are read with the rules of \`user\` beside their own, since it is the client alone who chooses them. What is
no dialect of the table is read as \`generic\`: any JSON, and text as text. Policy can pin a dialect to a route. Fields that a dialect does not
know are in the lane \`other\` of requests and \`output\` of answers.
`;

const COLUMNS = [
  'dialect',
  'provider',
  'recognised by',
  'lanes of requests',
  'lanes of answers',
  'streams',
  'a denied stream ends',
  'cases',
];

function row(format: WireFormat, cases: readonly DialectCase[]): readonly string[] {
  const streams = cases.filter((one) => one.direction === 'response' && isStream(format, one));
  return [
    `\`${format.id}\``,
    distinct(cases.map((one) => format.provider(headOfCase(one)) ?? '')),
    distinct([...cases.map(pathOf), ...(format.recogniseBody === undefined ? [] : ['its body'])]),
    lanesOf(cases, 'request'),
    lanesOf(cases, 'response'),
    distinct(streams.map(({ contentType }) => framingOf(contentType))),
    distinct(streams.map(({ isEnded }) => (isEnded === undefined ? 'by a reset' : 'as the dialect does'))),
    `${cases.length}`,
  ];
}

const isStream = ({ arrayStream }: WireFormat, { contentType, isEnded }: DialectCase): boolean =>
  isEnded !== undefined || framingOf(contentType) !== 'JSON array' || arrayStream === true;

/** Of an answer that is a stream: JSON comes in one only as an array. */
function framingOf(contentType: string): string {
  if (contentType.startsWith('text/event-stream')) return 'SSE';
  if (contentType.includes('eventstream')) return 'AWS event stream';
  return /ndjson|jsonl|stream\+json/.test(contentType) ? 'JSON lines' : 'JSON array';
}

const pathOf = ({ head }: DialectCase): string => `\`${head.path.split('?')[0]}\``;

/** In the order that lanes have everywhere. */
function lanesOf(cases: readonly DialectCase[], direction: DialectCase['direction']): string {
  const found = new Set(cases.filter((one) => one.direction === direction).flatMap(({ slots }) => slots.map(({ lane }) => lane)));
  return LANES.filter((lane) => found.has(lane)).join(', ');
}

const distinct = (values: readonly string[]): string => [...new Set(values)].filter((value) => value !== '').join(', ') || '–';

const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
