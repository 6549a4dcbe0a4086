import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { type Detector, detectorId, FAMILIES, type Family } from '../../src/detect/detector.ts';

const TITLES = {
  pii: 'Personal data',
  secret: 'Secrets',
  injection: 'Prompt injection',
  leak: 'Leaks of the system prompt',
  exfil: 'Exfiltration',
  tool: 'Tool definitions',
  output: 'Answers',
  topic: "Operators' topics",
} as const satisfies Record<Family, string>;

const INTRO = `# Detectors

Written from the catalogue by \`npm run docs\`; a test compares the two. How well they work stands in \`docs/detection.md\`.

**Tier** \`block\`: near-certain, may stop traffic. \`flag\`: worth seeing; policy acts on it only where it names the detector. **Confidence** is
the stated probability that a finding is right. **Lanes** are the kinds of text it looks at. Samples are shortened; characters that cannot be
seen are written as \`\\u…\`, and what would be a secret or a token is cut where \`…\` stands.`;

/** The content of `docs/detectors.md`. */
export function renderDetectors(): string {
  const families = FAMILIES.map((family) => ({ family, detectors: CATALOGUE.filter((detector) => detector.family === family) }));
  const filled = families.filter(({ detectors }) => detectors.length > 0);
  return `${[INTRO, counts(filled), ...filled.flatMap(section)].join('\n\n')}\n`;
}

interface Section {
  readonly family: Family;
  readonly detectors: readonly Detector[];
}

function counts(sections: readonly Section[]): string {
  const row = (title: string, detectors: readonly Detector[]): string => {
    const blocking = detectors.filter(({ tier }) => tier === 'block').length;
    const samples = detectors.reduce((sum, { finds, ignores }) => sum + finds.length + ignores.length, 0);
    return `| ${title} | ${detectors.length} | ${blocking} | ${detectors.length - blocking} | ${samples} |`;
  };
  const rows = sections.map(({ family, detectors }) => row(`${TITLES[family]}, \`${family}.*\``, detectors));
  return ['| | detectors | block | flag | samples |', '|---|---|---|---|---|', ...rows, row('together', CATALOGUE)].join('\n');
}

function section({ family, detectors }: Section): readonly string[] {
  const sorted = detectors.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [`## ${TITLES[family]}`, ...sorted.map(entry)];
}

function entry(detector: Detector): string {
  const { tier, severity, confidence, lanes, direction, references, summary, compares, finds, ignores } = detector;
  const where = `${lanes === undefined ? 'every lane' : lanes.join(', ')}${direction === 'response' ? ' of answers' : ''}`;
  const facts = [`${tier}, ${severity}, ${confidence}`, where, references.join(', ')];
  return [
    `### \`${detectorId(detector)}\``,
    '',
    summary,
    '',
    `- ${facts.join(' · ')}`,
    ...(compares === undefined ? [] : [`- with the system text ${code(compares)}`]),
    `- finds ${samples(detector, detector.family === 'secret' ? finds.map(withoutPassword) : finds)}`,
    `- passes ${samples(detector, ignores)}`,
  ].join('\n');
}

/** Samples of each kind that are shown, the first ones. */
const SHOWN = 3;
const SAMPLE_UNITS = 100;

const samples = ({ family }: Detector, texts: readonly string[]): string =>
  texts
    .slice(0, SHOWN)
    .map((text) => code(shortened(escaped(masked(text, family)))))
    .join(', ');

/**
 * What could be taken for a secret is cut: in secrets every run of 14 or more units after its first eight, elsewhere
 * every long run of letters and digits. No scanner may find a whole one in the page.
 */
function masked(text: string, family: Family): string {
  if (family === 'secret') return text.replaceAll(/[^\s"'`<>(){}[\],;=:/@]{14,}/g, (run) => `${run.slice(0, 8)}…`);
  return text.replaceAll(/[A-Za-z0-9+/_=-]{41,}/g, (run) => `${run.slice(0, 20)}…`);
}

/** Places of short secrets: the password of an address, a connection string, a line of .pgpass, sasl_passwd and ipsec.secrets. */
const PASSWORD_PLACES =
  /(:\/\/[^\s:/@]*:|\b(?:password|pwd)=|(?:[\w.@*-]+:){2,}|\]:\w+\s[\w.+@-]+:|\b(?:PSK|EAP|l2tpd)\s["'])[^\s@;&]{4,}/gi;
/** Passwords between a user and a host: `user:password@tcp(host)`, `user/password@host`. */
const BEFORE_HOST = /([\w.]+[:/])[^\s:/@]{4,}(?=@)/g;

function withoutPassword(text: string): string {
  return text.replaceAll(PASSWORD_PLACES, '$1…').replaceAll(BEFORE_HOST, '$1…');
}

/** Line ends and what cannot be seen (controls, format characters, other spaces, private use, halves of pairs), as JavaScript writes them. */
function escaped(text: string): string {
  const named = text.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return named.replaceAll(/(?! )(?:\p{C}|\p{Z}|\p{Variation_Selector})/gu, (one) => {
    const code = one.codePointAt(0)!.toString(16);
    return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\u{${code}}`;
  });
}

const shortened = (text: string): string => ([...text].length <= SAMPLE_UNITS ? text : `${[...text].slice(0, SAMPLE_UNITS - 1).join('')}…`);

/** As HTML: a sample may hold back ticks and Markdown links, which must not become links of this page. */
function code(text: string): string {
  return `<code>${text.replaceAll(/[&<>[\]()*_`\\|!~#$]/g, (one) => `&#${one.charCodeAt(0)};`)}</code>`;
}
