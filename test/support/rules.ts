import type { Detector, Severity } from '../../src/detect/detector.ts';
import { SEVERITIES } from '../../src/detect/detector.ts';
import type { Action, Rule } from '../../src/detect/scan.ts';
import type { Random } from './random.ts';

/** A rule that a generator made, with a text it was made to match (a check may still refuse it). */
export interface GeneratedRule {
  readonly rule: Rule;
  readonly sample: () => string;
}

type Shape = (
  random: Random,
) => Pick<Detector, 'pattern'> &
  Partial<Pick<Detector, 'check' | 'context' | 'matchUnits' | 'nearby' | 'until'>> & { sample: () => string };

/** A rule around a pattern, with defaults for everything that does not matter. */
export function ruleOf(
  name: string,
  pattern: RegExp,
  options: Partial<Pick<Detector, 'check' | 'context' | 'judge' | 'matchUnits' | 'nearby' | 'until'>> & {
    action?: Action;
    severity?: Severity;
  } = {},
): Rule {
  const { action = 'redact', severity = 'medium', ...parts } = options;
  const detector: Detector = {
    name,
    family: 'pii',
    summary: '',
    tier: 'block',
    severity,
    confidence: 1,
    pattern,
    references: [],
    finds: [],
    ignores: [],
    ...parts,
  };
  return { id: `pii.${name}`, detector, severity, confidence: 1, action };
}

/** Rules of every shape in turn, with actions and severities of all kinds; about one in sixteen denies. */
export function generateRules(random: Random, count: number): GeneratedRule[] {
  return Array.from({ length: count }, (_, i) => {
    const { sample, pattern, ...parts } = SHAPES[i % SHAPES.length]!(random);
    const action = random.pick<Action>(['redact', 'redact', 'redact', 'observe', random.below(4) === 0 ? 'deny' : 'redact']);
    return { rule: ruleOf(`r${i}`, pattern, { ...parts, action, severity: random.pick(SEVERITIES) }), sample };
  });
}

/** Rules as public catalogues have them: a literal prefix and a body; none matches prose. For benchmarks. */
export function generateTokenRules(random: Random, count: number): Rule[] {
  return Array.from({ length: count }, (_, i) => {
    const [prefix, other] = [letters(random, 3 + random.below(4)), letters(random, 5)];
    return ruleOf(`token-${i}`, TOKEN_PATTERNS[i % TOKEN_PATTERNS.length]!(prefix, other));
  });
}

const TOKEN_PATTERNS: readonly ((prefix: string, other: string) => RegExp)[] = [
  (prefix) => new RegExp(`\\b${prefix}_[A-Za-z0-9]{20,40}\\b`),
  (prefix) => new RegExp(`\\b${prefix}-(?:live|test)-[a-f0-9]{32}\\b`),
  (prefix, other) => new RegExp(`\\b${prefix}\\b[^.\\n]{0,200}\\b${other}\\b`, 'i'),
  (prefix) => new RegExp(`\\b${prefix.toUpperCase()}[ -]?\\d{4}[ -]?\\d{4}\\b`),
  (prefix, other) => new RegExp(`(?:${prefix}|${other})[:=]\\s{0,4}["']?[\\w/+]{16,64}`, 'i'),
];

/** Few words, so that rules meet in one text. */
const WORDS = ['ab', 'aba', 'key', 'tok', 'pin', 'éa', 'straße', 'naï', 'sk', 'id', 'ref', 'Ωm'];
const TOKEN = 'ABCxyz0189_';

const repeated = (random: Random, from: string, min: number, max: number): string =>
  Array.from({ length: min + random.below(max - min + 1) }, () => random.pick([...from])).join('');
const letters = (random: Random, count: number): string => repeated(random, 'abcdefghijklmnopqrstuvwxyz', count, count);

function digitSum(text: string): number {
  return [...text].reduce((sum, one) => sum + (one >= '0' && one <= '9' ? Number(one) : 0), 0);
}

const SHAPES: readonly Shape[] = [
  (random) => {
    const [word, most] = [random.pick(WORDS), 6 + random.below(20)];
    return { pattern: new RegExp(`\\b${word}_[A-Za-z0-9_]{4,${most}}\\b`), sample: () => `${word}_${repeated(random, TOKEN, 4, most)}` };
  },
  (random) => {
    const word = random.pick(WORDS);
    return {
      pattern: new RegExp(`${word}-(?:live|test)?[a-f0-9]{8}`, 'i'),
      sample: () => `${word}-${random.pick(['live', 'TEST', ''])}0badcafe`,
    };
  },
  (random) => {
    const [first, last, gap] = [random.pick(WORDS), random.pick(WORDS), random.pick([30, 200])];
    const sample = () => `${first.toUpperCase()} ${repeated(random, 'xyz é', 0, gap)} ${last}`;
    return { pattern: new RegExp(`\\b${first}\\b[^.\\n]{0,${gap}}\\b${last}\\b`, 'i'), sample };
  },
  (random) => {
    const [least, modulus] = [4 + random.below(6), 2 + random.below(4)];
    const check = (candidate: string): boolean => digitSum(candidate) % modulus === 0;
    const sample = () => repeated(random, '0123456789', 3, 8) + random.pick([' ', '-', '']) + repeated(random, '0123456789', 3, 8);
    return { pattern: new RegExp(`\\b\\d(?:[ -]?\\d){${least},${least + 6}}\\b`), check, sample };
  },
  (random) => {
    const word = random.pick(WORDS);
    const sample = () => `${random.pick([word.toUpperCase(), 'x'])}${repeated(random, ' .', 1, 60)}${repeated(random, '0123456789', 5, 7)}`;
    return { pattern: /\d{5,7}/, nearby: [word.toLowerCase()], sample };
  },
  (random) => {
    const word = random.pick(WORDS);
    const sample = () => `<${word}>abab${repeated(random, 'ab 09_k', 0, 40)}${random.pick([`</${word}>`, `</${word}`, ''])}`;
    return { pattern: new RegExp(`<${word}>\\s{0,2}[a-z]{4}`), until: new RegExp(`</${word}>{1,3}|\\b${word}END\\b`), sample };
  },
  (random) => {
    const word = random.pick(WORDS);
    return { pattern: new RegExp(`\\B${word}[\\p{L}\\d]{1,20}`, 'iu'), sample: () => `x${word}${repeated(random, 'aéΩ7ſK', 1, 20)}` };
  },
  (random) => ({
    pattern: /[\u{1f600}-\u{1f64f}]{2,6}[^a]/u,
    sample: () => `${repeated(random, '😀😂🙏', 2, 6)}${random.pick(['b', '🙏', '\ud83d'])}`,
  }),
  (random) => {
    const word = random.pick(WORDS);
    return {
      pattern: new RegExp(random.pick([`^${word}.{1,9}`, `${word}.{0,9}$`]), 's'),
      sample: () => `${word}${repeated(random, 'ab1 ', 1, 9)}`,
    };
  },
  (random) => {
    const [a, b] = [random.pick('abk'.split('')), random.pick('abk'.split(''))];
    const source = random.pick([`${a}(?:${b}|${a}${b}){1,4}\\b`, `(?:${a}${b}?){2,5}${b}`, `[${a}${b}]{3,40}[^${a}]`, `${a}\\w{0,50}${b}`]);
    return { pattern: new RegExp(source), sample: () => repeated(random, 'abk', 2, 14) };
  },
  (random) => {
    const word = random.pick(WORDS);
    const check = (candidate: string, before: string): boolean => candidate.length % 2 === 0 || before.endsWith('=');
    return {
      pattern: new RegExp(`(?:${word}|[A-Z]{2})[:=]\\s{0,4}[\\w/+]{3,18}`),
      check,
      sample: () => `${word}=${repeated(random, TOKEN, 3, 18)}`,
    };
  },
  (random) => {
    const word = random.pick(WORDS);
    const matchUnits = (candidate: string): number => candidate.length - (candidate.endsWith(word) ? word.length + 1 : 0);
    return {
      pattern: new RegExp(`\\d{3,5}(?: ${word}|\\b)`),
      check: (candidate) => digitSum(candidate) % 2 === 0,
      matchUnits,
      sample: () => `${repeated(random, '0123456789', 3, 6)} ${word}`,
    };
  },
];

/** Text made to be hard: samples, cut samples, long runs of one kind, letters outside ASCII, halves of surrogate pairs. */
export function generateText(random: Random, rules: readonly GeneratedRule[], parts: number): string {
  return Array.from({ length: 1 + random.below(parts) }, () => part(random, rules)).join('');
}

function part(random: Random, rules: readonly GeneratedRule[]): string {
  const sample = random.pick(rules).sample();
  return random.pick([
    sample,
    `${sample} `,
    `${sample} `,
    ` ${sample}`,
    sample.slice(0, random.below(sample.length + 1)),
    repeated(random, random.pick(['ab', 'abk ', '0123456789', '12 ', 'ABCxyz0189_', '.', 'é', 'aſK']), 1, 60),
    random.pick(['\ud83d', '\ude00', '😀', '\n', '.', ' ', '\u200b', 'é', '-', '=']),
    `${random.pick(WORDS)} `,
    random.pick(WORDS),
  ]);
}

/** Cuts a text into pieces: of one unit, of about `size`, or anywhere. */
export function cutText(random: Random, text: string, size: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = 1 + random.below(size);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}
