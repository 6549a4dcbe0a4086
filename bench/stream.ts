import { CATALOGUE } from '../src/detect/catalogue.ts';
import { createLaneEngine } from '../src/detect/lane-engine.ts';
import { createInspection, type Inspection } from '../src/exchange/inspection.ts';
import { compilePolicy } from '../src/policy/compile.ts';
import { presetSource } from '../src/policy/presets.ts';
import { openaiChat } from '../src/wire/formats/openai-chat.ts';
import { emptyFacts } from '../src/wire/frame.ts';
import { spread } from './support.ts';

const PROSE =
  'The branch on Main Street opens at nine and closes at five, except on Fridays, when it stays open until seven. ' +
  'Fees changed in 2024; a transfer abroad costs 4.50 EUR now, and most customers never pay more than 12 EUR a year. ';

const SMALL_UNITS = 64 * 1024;
const LARGE_UNITS = 4 * 1024 * 1024;
const ROUNDS = 7;

/** Cost per unit of an answer that comes one character an event, small against large: nothing may grow with what has passed. */
export async function linearity(): Promise<object> {
  const open = inspections();
  const small: number[] = [];
  run(open(), SMALL_UNITS); // warm
  for (let round = 0; round < ROUNDS; round++) small.push(run(open(), SMALL_UNITS));
  process.stderr.write('64 KiB done; 4 MiB takes a minute or so\n');
  const large = run(open(), LARGE_UNITS);
  for (let round = 0; round < ROUNDS; round++) small.push(run(open(), SMALL_UNITS));
  const { median, iqr } = spread(small);
  return {
    unit: 'ns per character of the answer, one character an event',
    rows: [
      { answer: '64 KiB', median: Math.round(median), iqr: Math.round(iqr), ratio: 1 },
      { answer: '4 MiB', median: Math.round(large), iqr: 0, ratio: Number((large / median).toFixed(2)) },
    ],
  };
}

/** What is in hand while ordinary prose streams by, in pieces of one to eight characters. */
export async function holdback(): Promise<object> {
  const open = inspections();
  const rows = [1, 2, 4, 8].map((size) => {
    const inspection = open();
    let sent = 0;
    let released = 0;
    const held = { events: 0, units: 0, words: 0 };
    for (let at = 0; at < SMALL_UNITS; at += size) {
      inspection.push(event(textAt(at, size)));
      sent++;
      released += inspection.take().length;
      const text = textAt(released * size, (sent - released) * size);
      held.events = Math.max(held.events, sent - released);
      held.units = Math.max(held.units, text.length);
      held.words = Math.max(held.words, text.trim() === '' ? 0 : text.trim().split(' ').length);
    }
    return { charactersPerEvent: size, mostEventsHeld: held.events, mostUnitsHeld: held.units, mostWordsHeld: held.words };
  });
  return { unit: 'most held at any moment, of 64 KiB of prose', rows };
}

function run(inspection: Inspection, units: number): number {
  const started = process.hrtime.bigint();
  for (let at = 0; at < units; at++) {
    inspection.push(event(PROSE[at % PROSE.length]!));
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

function textAt(from: number, length: number): string {
  let text = '';
  for (let at = from; at < from + length; at++) text += PROSE[at % PROSE.length];
  return text;
}
