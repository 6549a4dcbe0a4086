import { describe, expect, test } from 'vitest';
import { OpenLanes, type Placement, type ReadingFrame } from '../../../src/exchange/inspection/open-lanes.ts';
import { byteOffset } from '../../../src/lib/units.ts';
import type { Finding } from '../../../src/policy/finding.ts';
import type { Lane } from '../../../src/text/lane.ts';
import { openaiChat } from '../../../src/wire/formats/openai-chat.ts';
import { emptyFacts, type Frame } from '../../../src/wire/frame.ts';
import { smallPolicy } from '../../support/streams.ts';
import { newVerdict, textFrame, verdictOptions } from './bodies.ts';

const EMAIL = 'anna@example.org';
const { profile } = smallPolicy('version: 1\ndetectors:\n  "*": {action: redact}\n').route({ routeName: undefined, host: '', path: '' });

function openLanes() {
  const findings: Finding[] = [];
  const verdict = newVerdict({ findings });
  const about = { ...verdictOptions({ findings }), format: openaiChat, contentType: undefined, contentEncoding: undefined };
  const lanes = new OpenLanes({ ...about, profile, facts: emptyFacts() }, verdict);
  /** Reads all segments of a frame; where those are that something may stand in. */
  const read = (frame: Frame): readonly Placement[] => {
    const reading: ReadingFrame = { frame, placements: [], alone: lanes.keysAlone(frame) };
    for (const index of frame.segments.keys()) lanes.read(reading, index);
    for (const key of frame.laneEnds) lanes.end(key);
    return reading.placements;
  };
  return { lanes, read, found: () => findings.map(({ detector, start, end }) => ({ detector, start, end })) };
}

/** A frame with a text for each key; where they stand in its bytes does not matter. */
function frameOf(texts: readonly (readonly [key: string, text: string, lane?: Lane])[], laneEnds: readonly string[] = []): Frame {
  const source = { kind: 'json-string', start: byteOffset(0), end: byteOffset(0) } as const;
  return textFrame('', { segments: texts.map(([key, text, lane = 'output']) => ({ key, lane, text, source })), laneEnds });
}

describe('lanes of a body', () => {
  test('are one text over all frames that have their key', () => {
    const { read, found } = openLanes();
    const [first] = read(frameOf([['a', 'to anna@exa']]));
    const [second] = read(
      frameOf([
        ['b', 'mple.org no'],
        ['a', 'mple.org yes'],
      ]),
    ).filter(({ segment }) => segment === 1);
    expect([first, second].map((placement) => [placement!.lane.key, placement!.start, placement!.end])).toEqual([
      ['a', 0, 11],
      ['a', 11, 23],
    ]);
    expect(found()).toEqual([{ detector: 'pii.email', start: 3, end: 19 }]);
  });

  test('begin anew with a key that has ended', () => {
    const { read, found } = openLanes();
    read(frameOf([['a', 'anna@exa']], ['a']));
    read(frameOf([['a', 'mple.org ']], ['a']));
    expect(found()).toEqual([]);
  });

  test('are decided to their end when the body ends', () => {
    const { lanes, read, found } = openLanes();
    const [placement] = read(frameOf([['a', EMAIL]]));
    expect({ isSettled: placement!.lane.scan.settled === EMAIL.length, found: found() }).toEqual({ isSettled: false, found: [] });
    lanes.close();
    expect({ isSettled: placement!.lane.scan.settled === EMAIL.length, found: found() }).toEqual({
      isSettled: true,
      found: [{ detector: 'pii.email', start: 0, end: EMAIL.length }],
    });
  });

  test('need no scan for a text that is whole in its frame and quiet', () => {
    const { read } = openLanes();
    expect(
      read(
        frameOf(
          [
            ['a', 'hello'],
            ['b', 'hel'],
            ['b', 'lo'],
          ],
          ['*'],
        ),
      ).map(({ segment }) => segment),
    ).toEqual([1, 2]);
  });

  test('are counted by their kind, each once', () => {
    const { lanes, read } = openLanes();
    read(
      frameOf([
        ['a', 'x'],
        ['a', 'y'],
        ['b', 'z'],
        ['c', '?', 'reasoning'],
      ]),
    );
    expect([...lanes.counts]).toEqual([
      ['output', 2],
      ['reasoning', 1],
    ]);
  });
});

describe('keys whose text is whole in one segment', () => {
  test.each([
    [
      'of a frame that is the body: each that stands there once',
      [
        ['a', '1'],
        ['b', '1'],
        ['a', '2'],
      ],
      ['*'],
      ['b'],
    ],
    [
      'of an event: those that end with it',
      [
        ['a', '1'],
        ['b', '1'],
      ],
      ['b'],
      ['b'],
    ],
    ['of an event that ends nothing: none', [['a', '1']], [], []],
  ] as const)('%s', (_, texts, laneEnds, keys) => {
    const { lanes } = openLanes();
    expect([...lanes.keysAlone(frameOf(texts, laneEnds))]).toEqual(keys);
  });

  test('are not those that an earlier frame began', () => {
    const { lanes, read } = openLanes();
    read(frameOf([['a', '1']]));
    expect([...lanes.keysAlone(frameOf([['a', '2']], ['a']))]).toEqual([]);
    expect([...lanes.keysAlone(frameOf([['a', '2']], ['*']))]).toEqual([]);
  });
});
