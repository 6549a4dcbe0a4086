import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/lib/limits.ts';
import { byteOffset } from '../../src/lib/units.ts';
import { createBodyReader } from '../../src/wire/body-reader.ts';
import { createTemplateLearner, type EventReading } from '../../src/wire/event-template.ts';
import { formatById } from '../../src/wire/formats/index.ts';
import { emptyFacts, type Frame } from '../../src/wire/frame.ts';
import { runs } from './pieces.ts';

/** What reading `data: {"d":"…"}` comes to. */
const readingOf = (event: Buffer): EventReading => ({
  strings: [{ start: byteOffset(12), end: byteOffset(event.lastIndexOf('"')), key: 'd', lane: 'output', whole: false, varies: true }],
  turns: [],
  keep: undefined,
  counter: undefined,
});
const event = (text: string): Buffer => Buffer.from(`data: {"d":"${text}"}\n\n`);
const HERE = {};

function learned(...texts: readonly string[]) {
  const learner = createTemplateLearner();
  for (const text of texts) learner.read(event(text), readingOf(event(text)), HERE);
  return learner;
}

describe('a template of events', () => {
  test('is there after two events in a row that differ in their string alone', () => {
    expect(learned('one').template).toBeUndefined();
    expect(learned('one', 'three').template?.match(event('five'))).toEqual({
      strings: [{ start: 12, end: 16, text: 'five' }],
      count: undefined,
    });
  });

  test.each([
    ['an escape', 'a\\"b\\u0041\\n', 'a"bA\n'],
    ['another script', 'größer 日本', 'größer 日本'],
    ['one half of a pair', '\\ud83d', '\ud83d'],
  ])('knows what a string with %s says', (_, written, text) => {
    expect(
      learned('one', 'three')
        .template?.match(event(written))
        ?.strings.map((found) => found.text),
    ).toEqual([text]);
  });

  test.each([
    ['an empty string', event('')],
    ['an escape that is none', event('a\\x')],
    ['a line feed in the string', event('a\nb')],
    ['bytes that are no UTF-8', Buffer.concat([event('').subarray(0, 12), Buffer.from([0xff]), event('').subarray(12)])],
    ['another field behind', Buffer.from('data: {"d":"a","e":1}\n\n')],
    ['another field before', Buffer.from('data: {"e":1,"d":"a"}\n\n')],
    ['less behind', Buffer.from('data: {"d":"a"}\n')],
    ['a string that does not end', Buffer.from('data: {"d":"a')],
    ['nothing', Buffer.alloc(0)],
  ])('leaves %s to be read', (_, bytes) => {
    expect(learned('one', 'three').template?.match(bytes)).toBeUndefined();
  });

  test.each([
    ['more was read in it', undefined, HERE],
    ['the client is somewhere else after it', readingOf(event('five')), {}],
    [
      'it says a text of another key',
      { ...readingOf(event('five')), strings: [{ ...readingOf(event('five')).strings[0]!, key: 'e' }] },
      HERE,
    ],
    ['it ends differently', { ...readingOf(event('five')), keep: 'texts' as const }, HERE],
  ])('is forgotten after an event when %s', (_, reading, position) => {
    const learner = learned('one', 'three');
    learner.read(event('five'), reading, position);
    expect(learner.template).toBeUndefined();
  });

  test('stays after an event that had to be read and was the same', () => {
    const learner = learned('one', 'three');
    learner.read(event('a\\/b'), readingOf(event('a\\/b')), HERE);
    expect(learner.template).toBeDefined();
  });

  test('has strings that do not vary where they stand now', () => {
    const learner = createTemplateLearner();
    const bytes = (text: string) => Buffer.from(`{"d":"${text}","m":"mo del"}`);
    for (const text of ['one', 'three']) {
      const behind = 6 + text.length + 7;
      const said = {
        key: 'd',
        lane: 'output',
        whole: false,
        varies: true,
        start: byteOffset(6),
        end: byteOffset(6 + text.length),
      } as const;
      const fixed = {
        key: 'm',
        lane: 'other',
        whole: true,
        varies: false,
        start: byteOffset(behind),
        end: byteOffset(behind + 6),
      } as const;
      learner.read(bytes(text), { strings: [fixed, said], turns: [], keep: undefined, counter: undefined }, HERE);
    }
    expect(learner.template?.match(bytes('seventeen'))?.strings.map(({ text, start, end }) => [text, end - start])).toEqual([
      ['mo del', 6],
      ['seventeen', 9],
    ]);
  });
});

describe('a template of events that are counted', () => {
  const written = (text: string, number: string): Buffer => Buffer.from(`{"n":${number},"d":"${text}"}`);
  const learnt = (...events: readonly (readonly [text: string, number: string])[]) => {
    const learner = createTemplateLearner();
    for (const [text, number] of events) {
      const behind = 5 + number.length + 6;
      const said = { start: byteOffset(behind), end: byteOffset(behind + text.length), key: 'd', lane: 'output' } as const;
      const counter = { start: byteOffset(5), end: byteOffset(5 + number.length) };
      const reading = { strings: [{ ...said, whole: false, varies: true }], turns: [], keep: undefined, counter };
      learner.read(written(text, number), reading, HERE);
    }
    return learner.template;
  };

  test('finds the number, of as many digits as it has now', () => {
    expect(learnt(['a', '8'], ['bcd', '9'])?.match(written('efg', '10'))).toEqual({
      strings: [{ start: 13, end: 16, text: 'efg' }],
      count: 10,
    });
  });

  test.each(['', '007', '-1', '1.5', '1e3', '123456789', '"1"', 'null'])('leaves an event with %j for a number to be read', (number) => {
    expect(learnt(['a', '8'], ['bcd', '9'])?.match(written('efg', number))).toBeUndefined();
  });

  test('is not that of events that are not', () => {
    const learner = createTemplateLearner();
    const [one, two] = [event('one'), event('three')];
    learner.read(one, readingOf(one), HERE);
    learner.read(two, { ...readingOf(two), counter: { start: byteOffset(0), end: byteOffset(1) } }, HERE);
    expect(learner.template).toBeUndefined();
  });
});

describe('a stream whose events repeat', () => {
  const chunk = ({ text, kind }: { readonly text: string; readonly kind: number }): string => {
    const more = [{}, { logprobs: null, finish_reason: null }, { finish_reason: 'stop' }, { obfuscated: text.slice(1) }, { index: 1 }][
      kind % 5
    ];
    const padding = kind > 4 ? { obfuscation: text.slice(0, 7) } : {};
    const choices = [{ index: 0, delta: { content: text, ...(kind === 7 && { role: 'assistant' }) }, ...more }];
    return `data: ${JSON.stringify({ id: 'c-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices, ...padding })}\n\n`;
  };
  const read = (format: string, body: Buffer): readonly Frame[] => {
    const how = { direction: 'response', contentType: 'text/event-stream', contentEncoding: undefined } as const;
    const reader = createBodyReader({ ...how, format: formatById(format)!, limits: DEFAULT_LIMITS, facts: emptyFacts() });
    return [...reader.push(body), ...reader.end()];
  };
  /** What a JSON reader makes of the bytes that a segment says it stands in. */
  const standing = ({ bytes, segments }: Frame): readonly string[] =>
    segments.map(({ source }) =>
      source.kind === 'json-string' || source.kind === 'json-key'
        ? (JSON.parse(`"${bytes.toString('utf8', source.start, source.end)}"`) as string)
        : source.kind,
    );
  const words = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('a', 'word ', '"', '\\', '\n', '\u2028', '4111'));
  const events = fc.array(fc.record({ text: words, kind: fc.integer({ min: 0, max: 7 }), times: fc.integer({ min: 1, max: 5 }) }), {
    minLength: 1,
    maxLength: 12,
  });

  test('is read as a JSON reader reads each of them, and every text stands where it is said to stand', () => {
    fc.assert(
      fc.property(events, (rows) => {
        const chunks = rows.flatMap((row) => Array.from({ length: row.times }, (_, i) => ({ ...row, text: row.text + 'x'.repeat(i % 3) })));
        const frames = read('openai-chat', Buffer.from(chunks.map(chunk).join('')));
        expect(frames.map(({ bytes }) => bytes.toString()).join('')).toBe(chunks.map(chunk).join(''));
        const texts = frames.map(({ segments }) =>
          segments.filter(({ key }) => /^choices\.\d\.content$/.test(key)).map(({ text }) => text),
        );
        expect(texts).toEqual(chunks.map(({ text }) => (text === '' ? [] : [text])));
        for (const frame of frames) expect(standing(frame)).toEqual(frame.segments.map(({ text }) => text));
      }),
      { numRuns: runs(300) },
    );
  });

  const delta = (text: string, number: number | undefined): string => {
    const payload = { type: 'response.output_text.delta', content_index: 0, delta: text, item_id: 'm', logprobs: [], output_index: 0 };
    return `event: ${payload.type}\ndata: ${JSON.stringify({ ...payload, sequence_number: number })}\n\n`;
  };
  const numbers = fc.array(fc.record({ text: words, step: fc.constantFrom(1, 1, 1, 1, 2, 95, undefined) }), {
    minLength: 1,
    maxLength: 24,
  });
  const denied = { status: 403, code: 'content_filter', message: '', detector: undefined } as const;

  test('and count is ended with the number after that of its last event, whichever that was', () => {
    const responses = formatById('openai-responses')!;
    /** The number that an ending would have after this frame. */
    const nextOf = ({ position }: Frame): number =>
      Number(/"sequence_number":(\d+)/.exec(responses.ending(position, denied).toString())?.[1]);
    fc.assert(
      fc.property(numbers, (rows) => {
        let count = -1;
        const numbered = rows.map(({ text, step }) => {
          count += step ?? 1;
          return { text, number: step === undefined ? undefined : count, next: count + 1 };
        });
        const frames = read('openai-responses', Buffer.from(numbered.map(({ text, number }) => delta(text, number)).join('')));
        expect(frames.map(nextOf)).toEqual(numbered.map(({ next }) => next));
        expect(frames.map(({ segments }) => segments.map(({ text }) => text))).toEqual(
          numbered.map(({ text }) => (text === '' ? [] : [text])),
        );
        for (const frame of frames) expect(standing(frame)).toEqual(frame.segments.map(({ text }) => text));
      }),
      { numRuns: runs(300) },
    );
  });

  test('goes on in one text, though each of them says the same', () => {
    const frames = read('openai-responses', Buffer.from(Array.from({ length: 12 }, (_, i) => delta('again 4111', i)).join('')));
    expect(frames.slice(0, 12).map(({ segments }) => segments.map(({ key }) => key))).toEqual(Array(12).fill(['output.0.content.0']));
    expect(frames.slice(0, 12).flatMap(({ laneEnds }) => laneEnds)).toEqual([]);
  });

  test('says every padding of its own', () => {
    const bodies = ['ab', 'cdef', 'xyz', '12'].map((padding) => chunk({ text: padding.repeat(4), kind: 6 }));
    const paddings = read('openai-chat', Buffer.from(bodies.join(''))).map(({ segments, laneEnds }) =>
      segments.filter(({ key }) => key.includes('obfuscation')).map(({ key, text }) => [text, laneEnds.includes(key)]),
    );
    expect(paddings).toEqual([[['abababa', true]], [['cdefcde', true]], [['xyzxyzx', true]], [['1212121', true]]]);
  });
});
