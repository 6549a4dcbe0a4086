/** Whoever is woken; called as its methods. */
export interface Sleeper {
  /** Unix milliseconds. */
  now(): number;
  /** The moment has come. */
  onWake(nowMs: number): void;
}

/** Wakes one exchange at the moment it asked for last. */
export class WakeTimer {
  readonly #sleeper: Sleeper;
  #wakeMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timerMs = 0;

  constructor(sleeper: Sleeper) {
    this.#sleeper = sleeper;
  }

  /** Unix milliseconds; replaces an earlier moment. Undefined: never. */
  set(unixMs: number | undefined): void {
    this.#wakeMs = unixMs;
    if (unixMs === undefined || (this.#timer !== undefined && this.#timerMs <= unixMs)) return;
    clearTimeout(this.#timer);
    this.#arm(unixMs, this.#sleeper.now());
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(unixMs: number, nowMs: number): void {
    this.#timerMs = unixMs;
    this.#timer = setTimeout(WakeTimer.#look, Math.max(0, unixMs - nowMs), this);
  }

  /** A timer is left running when its moment moves on or goes away (most exchanges end first); it looks again here. */
  static #look(this: void, self: WakeTimer): void {
    self.#timer = undefined;
    const wakeMs = self.#wakeMs;
    if (wakeMs === undefined) return;
    const nowMs = self.#sleeper.now();
    if (wakeMs > nowMs) {
      self.#arm(wakeMs, nowMs);
      return;
    }
    self.#wakeMs = undefined;
    self.#sleeper.onWake(nowMs);
  }
}
