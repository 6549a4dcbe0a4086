import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/lib/limits.ts';
import type { Slices } from '../../src/lib/slices.ts';
import { type BodyReaderOptions, createBodyReader } from '../../src/wire/body-reader.ts';
import { endInSlices } from '../../src/wire/end-in-slices.ts';
import { anthropicMessages } from '../../src/wire/formats/anthropic-messages.ts';
import { generic } from '../../src/wire/formats/generic.ts';
import { formatById } from '../../src/wire/formats/index.ts';
import { openaiChat } from '../../src/wire/formats/openai-chat.ts';
import { emptyFacts, type Frame } from '../../src/wire/frame.ts';
import { newLearning } from '../../src/wire/learning.ts';
import { CASES } from '../contract/cases.ts';
import { createRandom } from '../support/random.ts';
import { outcome } from './reading.ts';

type How = Pick<BodyReaderOptions, 'format' | 'direction' | 'contentType'> & Partial<BodyReaderOptions>;

/** So much white space in front of a body makes it one that is not read before it is complete. */
const MARGIN = Buffer.alloc(70_000, ' ');

/** Ends a body that has come in pieces, and what was learnt with it; how many slices that took. */
function readBy(how: How, pieces: readonly Buffer[], isSliced: boolean) {
  const facts = emptyFacts();
  const learning = newLearning(true);
  const documents: string[] = [];
  const reader = createBodyReader({
    contentEncoding: undefined,
    limits: DEFAULT_LIMITS,
    toolTexts: true,
    byShape: true,
    onDocument: (doc, { id }) => documents.push(`${id} ${doc.size(doc.root)}`),
    learning,
    facts,
    ...how,
  });
  const frames = pieces.flatMap((piece) => [...reader.push(piece)]);
  const ended = isSliced ? countSlices(endInSlices(reader)) : { frames: reader.end(), slices: 0 };
  return { read: { ...(outcome({ frames: [...frames, ...ended.frames], facts }) as object), learning, documents }, slices: ended.slices };
}

function countSlices(steps: Slices<readonly Frame[]>): { readonly frames: readonly Frame[]; readonly slices: number } {
  for (let slices = 0; ; slices++) {
    const step = steps.next();
    if (step.done === true) return { frames: step.value, slices };
  }
}

/** That a body is read the same in slices and at once, however it comes; gives the slices it takes in one piece. */
function sameInSlices(how: How, body: Buffer): number {
  const atOnce = readBy(how, [body], false);
  const inPieces = [body.subarray(0, 40_000), body.subarray(40_000, 200_000), body.subarray(200_000)];
  const sliced = readBy(how, [body], true);
  expect(sliced.read).toEqual(atOnce.read);
  expect(readBy(how, inPieces, true).read).toEqual(atOnce.read);
  return sliced.slices;
}

describe('every dialect reads the same in slices', () => {
  const cases = CASES.filter(({ contentType }) => contentType === 'application/json');
  test.each(cases.map((one) => [`${one.format}: ${one.name}`, one] as const))('%s', (_, { format, direction, slots, write }) => {
    const texts = new Map(slots.flatMap(({ name, repeats }) => (repeats === undefined ? [[name, [`text of ${name}`]]] : [])));
    const body = Buffer.concat([MARGIN, write(texts as ReadonlyMap<string, readonly string[]>)]);
    const how = { format: formatById(format)!, direction, contentType: 'application/json' };
    expect(sameInSlices(how, body)).toBeGreaterThan(0);
    sameInSlices({ ...how, format: generic, onFormat: () => {} }, body);
  });

  test('there are cases of most dialects', () => {
    expect(new Set(cases.map(({ format }) => format)).size).toBeGreaterThan(15);
  });
});

describe('a large document reads the same in slices', () => {
  const random = createRandom();
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const REQUEST: How = { format: openaiChat, direction: 'request', contentType: 'application/json' };
  const ANSWER: How = { ...REQUEST, direction: 'response' };
  const many = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
  const scalar = (): unknown => random.pick([null, true, false, 17, 123_456_789_012, 'hello', 'ä"\n', '']);
  const tree = (depth: number): unknown => {
    if (depth === 0 || random.below(6) === 0) return scalar();
    const count = random.below(14);
    if (random.below(2) === 0) return many(count, () => tree(depth - 1));
    return Object.fromEntries(many(count, () => [random.pick(['a', 'b.c', 'name', 'x#y', `n${random.below(900)}`]), tree(depth - 1)]));
  };
  const call = (at: number) => ({
    id: `call_${at}`,
    type: 'function',
    function: { name: `get_${at % 9}`, arguments: `{"q":"text ${at}"}` },
  });
  const message = (at: number) =>
    random.pick([
      { role: 'user', content: `hello ${at}` },
      { role: 'system', content: [{ type: 'text', text: 'Be kind.' }, `part ${at}`] },
      { role: 'assistant', content: null, tool_calls: [call(at)] },
      { role: 'tool', tool_call_id: `call_${at - 1}`, content: 'sunny', Extra: { deep: [at] } },
      { Role: 'user', Content: 'in another case' },
    ]);
  const tool = (at: number) => ({
    type: 'function',
    function: { name: `get_${at}`, description: 'gets', parameters: { type: 'object', properties: tree(2) } },
  });
  const rows: Readonly<Record<string, readonly [body: Buffer, how: How, slicesMin: number]>> = {
    numbers: [json({ x: many(30_000, () => random.below(1e12)) }), REQUEST, 30],
    names: [json({ x: Object.fromEntries(many(9_000, (at) => [`name-${at}`, 'value'])) }), REQUEST, 30],
    'names said twice': [
      Buffer.from(`{"x":{${many(6_000, (at) => `"n${at % 3_000}":{"text":"value ${at}"}`).join()}}}`),
      { ...REQUEST, format: generic },
      30,
    ],
    trees: [json(many(60, () => tree(5))), { ...REQUEST, format: generic }, 30],
    'trees in an answer': [json({ choices: [], x: many(60, () => tree(5)) }), ANSWER, 30],
    'lanes that nobody wants': [
      json({ messages: many(3_000, message), x: tree(5) }),
      { ...REQUEST, wants: (lane) => lane === 'tool-result' },
      30,
    ],
    messages: [json({ model: 'm', messages: many(3_000, message), Model: 'n' }), REQUEST, 100],
    "tools and messages of Anthropic's": [
      json({
        messages: many(2_000, message),
        tools: many(1_000, (at) => ({ name: `get_${at}`, description: 'gets', input_schema: tree(2) })),
      }),
      { ...REQUEST, format: anthropicMessages },
      30,
    ],
    tools: [json({ messages: [], tools: many(2_000, tool) }), REQUEST, 30],
    'more tools than are told': [json({ messages: [], tools: many(17_000, (at) => ({ function: { name: `t${at}` } })) }), REQUEST, 30],
    choices: [
      json({ choices: many(3_000, (index) => ({ index, message: { role: 'assistant', content: 'hi', tool_calls: [call(index)] } })) }),
      ANSWER,
      30,
    ],
    'a list that is none': [json({ messages: tree(6), tools: 'x'.repeat(70_000) }), REQUEST, 1],
    'what is no JSON at its end': [Buffer.concat([MARGIN, json({ x: many(9_000, scalar) }), Buffer.from(']')]), REQUEST, 1],
    'what is cut off': [Buffer.concat([MARGIN, Buffer.from('{"a":"x')]), REQUEST, 1],
    'what is not UTF-8': [Buffer.concat([MARGIN, Buffer.from('{"a":"x'), Buffer.from([0xff]), Buffer.from('"}')]), REQUEST, 1],
    'JSON under another name': [json({ x: many(30_000, scalar) }), { ...REQUEST, contentType: 'text/plain' }, 30],
  };

  test.each(Object.entries(rows))('%s', (_, [body, how, slicesMin]) => {
    expect(body.length).toBeGreaterThan(64 * 1024);
    expect(sameInSlices(how, body)).toBeGreaterThanOrEqual(slicesMin);
  });

  test('a field in another letter case is noted in an element that is read late', () => {
    const messages = many(3_000, () => ({ role: 'user', content: 'hello' }));
    const unfit = (more: object): unknown => {
      const { read } = readBy(REQUEST, [json({ messages: [...messages, more] })], true);
      return (read as unknown as { facts: { unfit?: boolean } }).facts.unfit;
    };
    expect([unfit({ role: 'user', content: 'x' }), unfit({ role: 'user', Content: 'x' })]).toEqual([undefined, true]);
  });
});
