import { describe, expect, test } from 'vitest';
import { ReleasedFrames } from '../../../src/exchange/inspection/released-frames.ts';
import { FIXED } from '../../../src/lib/limits.ts';
import { byteOffset } from '../../../src/lib/units.ts';
import { edit, held, laneWith, newVerdict, textFrame } from './bodies.ts';

const SIGNATURE = { key: 'text', start: byteOffset(0), end: byteOffset(3) };

/** Frames of four bytes each, cut from one buffer. */
function sideBySide(...texts: readonly string[]) {
  const all = Buffer.from(texts.join(''));
  return texts.map((text, i) => held(textFrame(text, { bytes: all.subarray(4 * i, 4 * i + 4) })));
}

describe('what leaves', () => {
  test('is one buffer for frames that came side by side, up to a gap', () => {
    const released = new ReleasedFrames(newVerdict(), {});
    const [first, second, , fourth] = sideBySide('one ', 'two ', 'gone', 'four');
    for (const frame of [first!, second!, fourth!]) released.leave(frame);
    expect(released.waitingBytes).toBe(12);
    expect(released.take().map(String)).toEqual(['one two ', 'four']);
    expect({ waiting: released.waitingBytes, changed: released.changed, more: released.take() }).toEqual({
      waiting: 0,
      changed: false,
      more: [],
    });
  });

  test('is a buffer for each frame where that is asked for', () => {
    const released = new ReleasedFrames(newVerdict(), { apart: true });
    for (const frame of sideBySide('one ', 'two ')) released.leave(frame);
    expect(released.take().map(String)).toEqual(['one ', 'two ']);
  });

  test('has the position of the last frame that says one', () => {
    const released = new ReleasedFrames(newVerdict(), {});
    released.leave(held(textFrame('a', { position: 'after a' })));
    released.leave(held(textFrame('b')));
    expect(released.position).toBe('after a');
  });
});

describe('a frame that is rewritten', () => {
  test('has its part of an edit that began in an earlier frame cut out, and the replacement only where it begins', () => {
    const released = new ReleasedFrames(newVerdict(), { apart: true });
    const lane = laneWith({ edits: [edit(2, 5)] });
    released.leave(held(textFrame('abc'), [{ lane, segment: 0, start: 0, end: 3 }]));
    released.leave(held(textFrame('def'), [{ lane, segment: 0, start: 3, end: 6 }]));
    expect(released.take().map(String)).toEqual(['ab[X]', 'f']);
    expect(released.changed).toBe(true);
  });

  test('leaves as it came where policy only observes', () => {
    const released = new ReleasedFrames(newVerdict({ mode: 'observe' }), {});
    const lane = laneWith({ edits: [edit(0, 3)] });
    released.leave(held(textFrame('abc'), [{ lane, segment: 0, start: 0, end: 3 }]));
    expect({ left: String(released.take()), changed: released.changed }).toEqual({ left: 'abc', changed: false });
  });

  test('keeps an object key as it is', () => {
    const released = new ReleasedFrames(newVerdict(), {});
    const lane = laneWith({ edits: [edit(0, 3)] }, { isKey: true });
    released.leave(held(textFrame('abc'), [{ lane, segment: 0, start: 0, end: 3 }]));
    expect(String(released.take())).toBe('abc');
  });

  test('loses a signature that does not fit any more, and what repeats a text that was redacted', () => {
    const verdict = newVerdict();
    const released = new ReleasedFrames(verdict, { apart: true });
    const frames = () => [held(textFrame('"s" signs', { signatures: [SIGNATURE] })), held(textFrame('"s" says', { echoes: [SIGNATURE] }))];
    for (const frame of frames()) released.leave(frame);
    verdict.redacted('text');
    for (const frame of frames()) released.leave(frame);
    expect(released.take().map(String)).toEqual(['"s" signs', '"s" says', 'null signs', 'null says']);
  });
});

describe('what an ending repeats', () => {
  test('is what was kept, as it left: whole frames, or the texts of each key', () => {
    const released = new ReleasedFrames(newVerdict(), {});
    const lane = laneWith({ edits: [edit(0, 2)] });
    released.leave(held(textFrame('head', { keep: 'bytes' })));
    released.leave(held(textFrame('abc', { keep: 'texts' }), [{ lane, segment: 0, start: 0, end: 3 }]));
    released.leave(held(textFrame('def', { keep: 'texts' })));
    released.leave(held(textFrame('not kept')));
    expect(released.kept?.bytes.map(String)).toEqual(['head']);
    expect([...(released.kept?.texts ?? [])]).toEqual([['text', '[X]cdef']]);
  });

  test.each([
    [FIXED.keptUnits, true],
    [FIXED.keptUnits + 1, false],
  ])('of %i units is given: %s', (units, isGiven) => {
    const released = new ReleasedFrames(newVerdict(), {});
    released.leave(held(textFrame('a'.repeat(units), { keep: 'texts' })));
    expect(released.kept !== undefined).toBe(isGiven);
  });
});
