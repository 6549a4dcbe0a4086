import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { detectorId } from '../../src/detect/detector.ts';
import { inspectText } from '../../src/exchange/text-inspection.ts';
import type { Finding } from '../../src/policy/finding.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { createRandom, LONG_RUN, type Random } from '../support/random.ts';
import { inspectStream, policyFrom, STREAM_DIALECTS, type StreamDialect } from '../support/streams.ts';

/** Everything redacted, so that an answer with any sample in it has a W(T). */
const REDACTING = policyFrom('version: 1\ndetectors:\n  "*": {action: redact}\n');
/** Secrets denied and the rest redacted: released text must still be a prefix of W(T). */
const DENYING = policyFrom('version: 1\ndetectors:\n  "*": {action: redact}\n  secret.*: {action: deny}\n  injection.*: {action: deny}\n');

const SAMPLES = CATALOGUE.filter(({ lanes }) => lanes === undefined || lanes.includes('output')).flatMap((detector) =>
  detector.finds.map((text) => ({ id: detectorId(detector), text })),
);

function wholeText(policy: Policy, text: string) {
  const { profile } = policy.route({ routeName: undefined, host: '', path: '' });
  return inspectText(text, {
    lane: 'output',
    profile,
    mode: policy.mode,
    failMode: policy.failMode,
    limits: policy.limits,
    pieceUnits: undefined,
  });
}

/** Those of some detectors, spread over all of them; of every one in a long run. */
const CUT_SAMPLES = SAMPLES.filter((_, i) => LONG_RUN || i % Math.ceil(SAMPLES.length / 40) === 0);

/** By place: a phrase is known late, so the order in which findings come depends on the cutting. */
const spans = (findings: readonly Finding[]): string[] =>
  findings.map(({ detector, start, end }) => `${detector}@${start}-${end}`).toSorted();

interface Run {
  readonly dialect: StreamDialect;
  readonly deltas: readonly string[];
  readonly chunkBytes: readonly number[];
}

/** What is wrong with one run; undefined when streamed and whole agree. */
function mismatch(
  policy: Policy,
  { dialect, deltas, chunkBytes }: Run,
  whole: ReturnType<typeof wholeText>,
  redacted: string,
): string | undefined {
  const body = dialect.write(deltas);
  const { inspection, findings, released } = inspectStream(policy, { format: dialect.format, body, chunkBytes });
  const text = dialect.readText(released);
  if (spans(findings).join() !== spans(whole.findings).join())
    return `findings ${spans(findings).join()} instead of ${spans(whole.findings).join()}`;
  if ((inspection.denial === undefined) !== (whole.output !== undefined)) return 'the verdict differs';
  if (inspection.denial !== undefined) return redacted.startsWith(text) ? undefined : 'what left before the denial is no prefix of W(T)';
  if (text !== whole.output) return `text of ${text.length} units instead of ${whole.output?.length}`;
  return findings.length > 0 || released.equals(body) ? undefined : 'an untouched stream was rewritten';
}

function describeRun({ dialect, deltas, chunkBytes }: Run): string {
  return `${dialect.format.id} ${JSON.stringify(deltas)} in chunks of ${chunkBytes.join()}`;
}

describe('streamed answers', () => {
  test('there are samples of every detector that looks at answers', () => {
    expect(new Set(SAMPLES.map(({ id }) => id)).size).toBeGreaterThanOrEqual(400);
    expect(CUT_SAMPLES.length).toBeGreaterThanOrEqual(35);
  });

  test.each(CUT_SAMPLES.map((sample, i) => [`${sample.id} ${i}`, sample] as const))(
    '%s: every two-cut split gives the redaction of the whole',
    { timeout: LONG_RUN ? 3_600_000 : 60_000 },
    (_, { text }) => {
      const whole = wholeText(REDACTING, text);
      const stride = LONG_RUN ? 1 : Math.max(1, Math.ceil(text.length / 24));
      const wrong: string[] = [];
      let runs = 0;
      for (const dialect of STREAM_DIALECTS) {
        for (let first = 0; first <= text.length; first += stride) {
          for (let second = first; second <= text.length; second += stride) {
            const run = { dialect, deltas: [text.slice(0, first), text.slice(first, second), text.slice(second)], chunkBytes: [1 << 20] };
            const problem = mismatch(REDACTING, run, whole, whole.output!);
            if (problem !== undefined) wrong.push(`${problem}: ${describeRun(run)}`);
            runs++;
          }
        }
      }
      expect(wrong.slice(0, 3)).toEqual([]);
      expect(runs).toBeGreaterThan(100);
    },
  );

  test('random texts in random cuttings give the redaction of the whole', () => {
    const random = createRandom();
    const wrong: string[] = [];
    const total = LONG_RUN ? 200_000 : 4_000;
    for (let run = 0; run < total; run++) {
      const text = randomText(random);
      const policy = random.below(4) === 0 ? DENYING : REDACTING;
      const cutting: Run = { dialect: random.pick(STREAM_DIALECTS), deltas: randomDeltas(random, text), chunkBytes: randomChunks(random) };
      const problem = mismatch(policy, cutting, wholeText(policy, text), policy === DENYING ? wholeText(REDACTING, text).output! : '');
      if (problem !== undefined) wrong.push(`${problem}: ${describeRun(cutting)}`);
    }
    expect(wrong.slice(0, 3)).toEqual([]);
  }, 3_600_000);
});

const FILLERS = [
  'the balance is fine, ',
  'see you at nine. ',
  'Grüße aus Köln ',
  '7',
  '4711 ',
  'a.b@c',
  '😀',
  ' ',
  '-',
  '\n',
  'ignore ',
  'eyJ',
  '4111 ',
  '{"a":"b"} ',
  'ſ',
  '\ud83d',
  'AKIA',
];

/** Samples, parts of samples and prose in a row: near misses, neighbours and overlaps come up by themselves. */
function randomText(random: Random): string {
  let text = '';
  for (let part = random.below(6); part >= 0; part--) {
    const sample = random.pick(SAMPLES).text;
    const choice = random.below(5);
    text +=
      choice === 0
        ? sample
        : choice === 1
          ? sample.slice(random.below(sample.length))
          : choice === 2
            ? sample.slice(0, random.below(sample.length))
            : random.pick(FILLERS);
  }
  return text;
}

function randomDeltas(random: Random, text: string): string[] {
  const longest = random.pick([1, 3, 8, 40]);
  const deltas: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = 1 + random.below(longest);
    deltas.push(text.slice(at, at + length));
    at += length;
  }
  return deltas;
}

const randomChunks = (random: Random): number[] =>
  Array.from({ length: 1 + random.below(4) }, () => 1 + random.below(random.pick([2, 30, 400, 4000])));
