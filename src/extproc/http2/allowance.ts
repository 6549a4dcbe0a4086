import { ConnectionError, ERROR_CODE } from './frames.ts';

/**
 * How many frames a peer may send that bring nothing: PING, SETTINGS, PRIORITY, WINDOW_UPDATE, empty DATA, frames for closed streams, requests
 * that are reset before a byte of them came, and the like. Each costs us time, and most an answer.
 */
export interface Allowance {
  /** Throws ConnectionError (ENHANCE_YOUR_CALM) when nothing is left. */
  spend(frames?: number): void;
  /** A frame that does bring something, or one of ours that calls for an answer, allows for others. */
  earn(frames: number): void;
}

export interface AllowanceLimits {
  /** Useless frames at once. */
  readonly burst: number;
  /** More of them in each second. */
  readonly perSecond: number;
}

/** `now`: milliseconds on a clock that never goes back. */
export function createAllowance({ burst, perSecond }: AllowanceLimits, now: () => number): Allowance {
  let left = burst;
  let countedMs = now();
  return {
    spend(frames = 1) {
      left -= frames;
      if (left >= 0) return;
      const nowMs = now();
      left = Math.min(burst, left + ((nowMs - countedMs) / 1000) * perSecond);
      countedMs = nowMs;
      if (left < 0) throw new ConnectionError(ERROR_CODE.enhanceYourCalm, 'too many frames that bring nothing');
    },
    earn(frames) {
      if (left < burst) left += frames;
    },
  };
}
