import { describe, expect, test } from 'vitest';
import { HeldFrames } from '../../../src/exchange/inspection/held-frames.ts';
import { ReleasedFrames } from '../../../src/exchange/inspection/released-frames.ts';
import { held, laneWith, newVerdict, textFrame } from './bodies.ts';

/** Frames in hand and what has left of them. */
function hold(mode: 'observe' | 'enforce' = 'enforce') {
  const verdict = newVerdict({ mode });
  const released = new ReleasedFrames(verdict, {});
  const frames = new HeldFrames(verdict);
  const left = (): string => {
    frames.release(released);
    return Buffer.concat(released.take()).toString();
  };
  return { verdict, frames, left };
}

/** A frame whose text is decided when its lane is settled up to its end. */
function placed(text: string, lane: ReturnType<typeof laneWith>, start: number) {
  return held(textFrame(text), [{ lane, segment: 0, start, end: start + text.length }]);
}

describe('frames that are held', () => {
  test('leave in order, each when its lanes are decided as far as it goes', () => {
    const { frames, left } = hold();
    const state = { settled: 3 };
    const lane = laneWith(state);
    for (const [i, text] of ['abc', 'def', 'ghi'].entries()) frames.add(placed(text, lane, 3 * i));
    expect(left()).toBe('abc');
    state.settled = 8;
    expect(left()).toBe('def');
    state.settled = 9;
    expect(left()).toBe('ghi');
  });

  test('wait behind one that is not decided, whatever their own lanes say', () => {
    const { frames, left } = hold();
    frames.add(placed('abc', laneWith({ settled: 2 }), 0));
    frames.add(held(textFrame('def')));
    expect(left()).toBe('');
  });

  test('are not held where policy only observes', () => {
    const { frames, left } = hold('observe');
    frames.add(placed('abc', laneWith({ settled: 0 }), 0));
    frames.awaits('call', true);
    frames.add(held(textFrame('def')));
    expect(left()).toBe('abcdef');
  });

  test('stay for good after a denial', () => {
    const { verdict, frames, left } = hold();
    frames.add(held(textFrame('abc')));
    verdict.deny('pii.email');
    expect(left()).toBe('');
  });
});

describe('while a call is open', () => {
  test('what came before it leaves and what came since it began does not', () => {
    const { frames, left } = hold();
    frames.add(held(textFrame('before ')));
    frames.awaits('call', true);
    frames.add(held(textFrame('call ')));
    expect(left()).toBe('before ');
    frames.add(held(textFrame('more')));
    expect(left()).toBe('');
    frames.awaits('call', false);
    expect(left()).toBe('call more');
  });

  test('an answer that opens meanwhile frees nothing that the call holds, nor does the end of one of them', () => {
    const { frames, left } = hold();
    frames.awaits('call', true);
    frames.add(held(textFrame('call ')));
    frames.awaits('answer', true);
    frames.add(held(textFrame('answer')));
    expect(left()).toBe('');
    frames.awaits('call', false);
    expect(left()).toBe('');
    expect(frames.isAwaiting).toBe(true);
    frames.awaits('answer', false);
    expect(left()).toBe('call answer');
  });

  test('giving up lets everything go, and nothing is awaited again', () => {
    const { frames, left } = hold();
    frames.awaits('answer', true);
    frames.add(held(textFrame('abc')));
    frames.giveUp();
    frames.awaits('call', true);
    frames.add(held(textFrame('def')));
    expect(frames.isAwaiting).toBe(false);
    expect(left()).toBe('abcdef');
  });
});
