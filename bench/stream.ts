import { CATALOGUE } from '../src/detect/catalogue.ts';
import { createLaneEngine } from '../src/detect/lane-engine.ts';
import { createInspection, type Inspection } from '../src/exchange/inspection.ts';
import { compilePolicy } from '../src/policy/compile.ts';
import { presetSource } from '../src/policy/presets.ts';
import { openaiChat } from '../src/wire/formats/openai-chat.ts';
import { emptyFacts } from '../src/wire/frame.ts';
import { profileHere } from './harness/in-process.ts';
import type { BenchOptions } from './harness/options.ts';
import type { BenchResult, Figure, Row } from './harness/record.ts';
import { rounded, spread } from './harness/statistics.ts';
import { streamPace } from './stream-pace.ts';

const PROSE =
  'The branch on Main Street opens at nine and closes at five, except on Fridays, when it stays open until seven. ' +
  'Fees changed in 2024; a transfer abroad costs 4.50 EUR now, and most customers never pay more than 12 EUR a year. ';

/** Looks like what rules want as often as it can, and then is not. */
const ADVERSARIAL = '4 1 1 1 4 1 1 1 a.b@c a.b@c eyJeyJ. sk-sk- DE22 DE22 ignore show 911-555 00 00 @@@ Q2xl ';

const SMALL_UNITS = 64 * 1024;
const HELD_UNITS = 64 * 1024;
const LARGE_BLOCKS = 64;
const QUICK_LARGE_BLOCKS = 8;
const BLOCKS = 7;

/**
 * Answers that stream: through Envoy at the pace of models beside filters that do nothing; and, in this process, what is held at most while
 * clean text passes, and what a character costs after four megabytes beside the first 64 KiB, one character an event.
 */
export async function stream(options: Pick<BenchOptions, 'quick' | 'streams'>): Promise<BenchResult> {
  const paced = await streamPace(options);
  const open = inspections();
  const held = holdback(open);
  const linear = linearity(open, options.quick ? QUICK_LARGE_BLOCKS : LARGE_BLOCKS);
  const profile = await profileHere(() => {
    run(open(), { text: PROSE, units: SMALL_UNITS });
    return SMALL_UNITS;
  });
  const most = held.find((row) => row['an event has'] === A_WORD)!['most events held'];
  return {
    ...paced,
    tables: { 'Most that is held at any moment, of 64 KiB of prose': held, 'One character an event, ns of a character': linear.rows },
    figures: [
      { what: 'events held on clean text, a word an event', value: most, goal: { most: 1 } },
      ...(paced.figures ?? []),
      ...linear.figures,
    ],
    profiles: { 'one character an event': profile },
  };
}

/** What is in hand while ordinary prose streams by, in pieces of one to eight characters and in words. */
function holdback(open: () => Inspection) {
  const text = PROSE.repeat(Math.ceil(HELD_UNITS / PROSE.length)).slice(0, HELD_UNITS);
  const rows = [1, 2, 4, 8].map((size) => {
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size));
    return { 'an event has': size === 1 ? '1 character' : `${size} characters`, ...mostHeld(open(), pieces) };
  });
  return [...rows, { 'an event has': A_WORD, ...mostHeld(open(), text.split(/(?= )/)) }];
}

const A_WORD = 'a word';

function mostHeld(inspection: Inspection, pieces: readonly string[]) {
  const held: string[] = [];
  let inHand = 0;
  const most = { events: 0, characters: 0 };
  for (const piece of pieces) {
    inspection.push(event(piece));
    held.push(piece);
    inHand += event(piece).length;
    for (const { length } of inspection.take()) inHand -= length;
    for (let bytes = held.reduce((sum, one) => sum + event(one).length, 0); bytes > inHand; ) bytes -= event(held.shift()!).length;
    most.events = Math.max(most.events, held.length);
    most.characters = Math.max(most.characters, held.join('').length);
  }
  return { 'most events held': most.events, 'most characters held': most.characters };
}

/** Cost of a character small against large: nothing may grow with what has passed. The last blocks of the large answer are compared. */
function linearity(open: () => Inspection, largeBlocks: number): { readonly rows: readonly Row[]; readonly figures: readonly Figure[] } {
  const texts = { clean: PROSE, adversarial: ADVERSARIAL };
  const rows: Row[] = [];
  const figures: Figure[] = [];
  for (const [name, text] of Object.entries(texts)) {
    run(open(), { text, units: SMALL_UNITS }); // warm
    const small = Array.from({ length: BLOCKS }, () => run(open(), { text, units: SMALL_UNITS }));
    const large = open();
    const blocks: number[] = [];
    for (let block = 0; block < largeBlocks; block++) {
      process.stderr.write(`\r${name}: ${(block + 1) * 64} KiB of ${largeBlocks * 64}`);
      blocks.push(run(large, { text, units: SMALL_UNITS }));
    }
    process.stderr.write('\n');
    small.push(...Array.from({ length: BLOCKS }, () => run(open(), { text, units: SMALL_UNITS })));
    const [first, last] = [spread(small), spread(blocks.slice(-BLOCKS))];
    rows.push({ text: name, answer: '64 KiB', median: Math.round(first.median), iqr: Math.round(first.iqr), ratio: 1 });
    rows.push({
      text: name,
      answer: 'the end of 4 MiB',
      median: Math.round(last.median),
      iqr: Math.round(last.iqr),
      ratio: rounded(last.median / first.median),
    });
    figures.push({
      what: `cost of a character after 4 MiB ÷ within 64 KiB, ${name}`,
      value: last.median / first.median,
      goal: { most: 1.2 },
    });
  }
  return { rows, figures };
}

/** Nanoseconds of a character. */
function run(inspection: Inspection, { text, units }: { readonly text: string; readonly units: number }): number {
  const started = process.hrtime.bigint();
  for (let at = 0; at < units; at++) {
    inspection.push(event(text[at % text.length]!));
    inspection.take();
  }
  return Number(process.hrtime.bigint() - started) / units;
}

function inspections(): () => Inspection {
  const compiled = compilePolicy(presetSource('balanced'), { createEngine: createLaneEngine, catalogue: CATALOGUE });
  if (!compiled.ok) throw new Error('the balanced preset does not compile');
  const { policy } = compiled;
  const { profile } = policy.route({ routeName: undefined, host: '', path: '' });
  const { mode, failMode, limits } = policy;
  const common = {
    direction: 'response',
    format: openaiChat,
    contentType: 'text/event-stream',
    contentEncoding: undefined,
    profile,
    mode,
    failMode,
    limits,
  } as const;
  return () => createInspection({ ...common, facts: emptyFacts(), findings: [] });
}

const EVENTS = new Map<string, Buffer>();

function event(content: string): Buffer {
  const known = EVENTS.get(content);
  if (known !== undefined) return known;
  const made = Buffer.from(
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`,
  );
  EVENTS.set(content, made);
  return made;
}
