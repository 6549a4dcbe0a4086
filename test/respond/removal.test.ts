import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf16Offset } from '../../src/lib/units.ts';
import { spliceFrame } from '../../src/respond/splice.ts';
import type { WireFormat } from '../../src/wire/format.ts';
import { anthropicMessages } from '../../src/wire/formats/anthropic-messages.ts';
import { mcp } from '../../src/wire/formats/mcp.ts';
import type { Frame } from '../../src/wire/frame.ts';
import { runs } from '../wire/pieces.ts';
import { read } from '../wire/reading.ts';

const declared = (frame: Frame) =>
  (frame.tools ?? []).filter((event) => event.kind === 'declaration').map(({ name, span }) => ({ name, span: span! }));

/** The bytes of a frame without the tools of these names. */
function without(frame: Frame, names: readonly (string | undefined)[]): Buffer {
  const spans = declared(frame).filter(({ name }) => names.includes(name));
  return spliceFrame(
    frame,
    [],
    [],
    spans.map(({ span }) => span),
  );
}

const frameOf = (body: Buffer, format: WireFormat = anthropicMessages, contentType = 'application/json'): Frame =>
  read([body], { format, direction: format === mcp ? 'response' : 'request', contentType }).frames.at(-1)!;

const BODY = '{"x": 1, "tools": [ {"name":"a"} ,\n {"name":"b","q":[1,2]}, {"name":"c"} ], "messages": []}';

const ROWS: readonly (readonly [names: string, expected: string])[] = [
  ['a', '{"x": 1, "tools": [ \n {"name":"b","q":[1,2]}, {"name":"c"} ], "messages": []}'],
  ['b', '{"x": 1, "tools": [ {"name":"a"} ,\n  {"name":"c"} ], "messages": []}'],
  ['c', '{"x": 1, "tools": [ {"name":"a"} ,\n {"name":"b","q":[1,2]} ], "messages": []}'],
  ['a,b', '{"x": 1, "tools": [ \n  {"name":"c"} ], "messages": []}'],
  ['b,c', '{"x": 1, "tools": [ {"name":"a"}  ], "messages": []}'],
  ['a,c', '{"x": 1, "tools": [ \n {"name":"b","q":[1,2]} ], "messages": []}'],
  ['a,b,c', '{"x": 1,  "messages": []}'],
  ['', BODY],
];

describe('a tool goes with its comma', () => {
  test('the table has every subset of three', () => expect(ROWS).toHaveLength(8));

  test.each(ROWS)('%s', (names, expected) => {
    expect(without(frameOf(Buffer.from(BODY)), names.split(',')).toString()).toBe(expected);
  });

  test.each(['\n', '\r\n', '\r'])('in JSON that goes on over lines of data that end in %j', (end) => {
    const lines = [
      'event: message',
      'data: {"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a"}',
      ': , [',
      'data:,',
      'id: 5,',
      'data: {"name":"b"}',
    ];
    const body = Buffer.from([...lines, 'data: ,{"name":"c"}', 'data: ]}}', '', ''].join(end));
    const frame = frameOf(body, mcp, 'text/event-stream');
    const left = ['a', 'b', 'c', 'a,b', 'b,c', 'a,c', 'a,b,c'].map((names) => {
      const changed = frameOf(without(frame, names.split(',')), mcp, 'text/event-stream');
      return [
        changed.uninspectable,
        declared(changed)
          .map(({ name }) => name)
          .join(),
      ];
    });
    expect(left).toEqual(['b,c', 'a,c', 'a,b', 'c', 'a', 'b', ''].map((names) => [undefined, names]));
  });

  test('with what is cut in it', () => {
    const frame = frameOf(
      Buffer.from('{"messages":[{"role":"user","content":"bob"}],"tools":[{"name":"a","description":"bob"},{"name":"b"}]}'),
    );
    const cuts = frame.segments.flatMap(({ text }, segment) =>
      text === 'bob' ? [{ segment, start: utf16Offset(0), end: utf16Offset(3), replacement: 'X' }] : [],
    );
    expect(cuts).toHaveLength(2);
    const bytes = spliceFrame(frame, cuts, [], [declared(frame)[0]!.span]);
    expect(bytes.toString()).toBe('{"messages":[{"role":"user","content":"X"}],"tools":[{"name":"b"}]}');
  });

  test('and what is no element of an array is our own bug', () => {
    const frame = frameOf(Buffer.from('{"messages":[],"x":{"name":"a"}}'));
    const at = frame.bytes.indexOf('{"name"');
    const span = { start: at, end: at + 12 } as (typeof frame.echoes)[number];
    expect(() => spliceFrame(frame, [], [], [span])).toThrow('element of an array');
  });
});

/** JSON text of a value with white space wherever it may stand. */
function written(value: unknown, space: () => string): string {
  const around = (text: string): string => `${space()}${text}${space()}`;
  if (Array.isArray(value)) return around(`[${value.map((item) => written(item, space)).join(',') || space()}]`);
  if (typeof value !== 'object' || value === null) return around(JSON.stringify(value));
  const fields = Object.entries(value).map(([name, inner]) => `${around(JSON.stringify(name))}:${written(inner, space)}`);
  return around(`{${fields.join(',') || space()}}`);
}

const tool = fc.record({ extra: fc.jsonValue({ maxDepth: 2 }), description: fc.string(), keep: fc.boolean() });
const body = fc.record({
  tools: fc.array(tool, { maxLength: 6 }),
  spaces: fc.array(fc.constantFrom('', '', ' ', '\n', '\t ', '\r\n'), { minLength: 1, maxLength: 9 }),
  before: fc.dictionary(fc.constantFrom('a', 'b', 'model'), fc.jsonValue({ maxDepth: 2 })),
});

const CHARSETS: readonly (readonly [
  name: string,
  contentType: string,
  encode: (text: string) => Buffer,
  decode: (bytes: Buffer) => string,
])[] = [
  ['UTF-8', 'application/json', (text) => Buffer.from(text), (bytes) => bytes.toString()],
  ['UTF-16', 'application/json', (text) => Buffer.from(`\ufeff${text}`, 'utf16le'), (bytes) => bytes.toString('utf16le').slice(1)],
  ['latin-1', 'application/json; charset=iso-8859-1', (text) => Buffer.from(text, 'latin1'), (bytes) => bytes.toString('latin1')],
];

test('the property is held in every charset', () => expect(CHARSETS).toHaveLength(3));

test.each(CHARSETS)('removing any tools in %s is as filtering the list', (_name, contentType, encode, decode) => {
  fc.assert(
    fc.property(body, ({ tools, spaces, before }) => {
      let next = 0;
      const space = (): string => spaces[next++ % spaces.length]!;
      const named = tools.map(({ keep, ...rest }, i) => ({ ...rest, name: `${keep ? 'keep' : 'drop'}-${i}` }));
      const value = { ...before, messages: [], tools: named, after: [1, [2], 'é'] };
      const frame = frameOf(encode(written(value, space).trim()), anthropicMessages, contentType);
      const dropped = named.map(({ name }) => name).filter((name) => name.startsWith('drop'));
      const changed: unknown = JSON.parse(decode(without(frame, dropped)));
      const kept = named.filter(({ name }) => name.startsWith('keep'));
      const isEmptied = kept.length === 0 && named.length > 0; // then the list goes too
      expect(changed).toEqual(JSON.parse(JSON.stringify({ ...value, tools: isEmptied ? undefined : kept })));
    }),
    { numRuns: runs(300) },
  );
});
