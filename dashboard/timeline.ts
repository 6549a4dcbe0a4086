import type { Counts } from './api.ts';
import type { ChartPoint } from './parts/chart.tsx';

/** Windows of the chart: what the API is asked, and the milliseconds and number of their steps. */
export const WINDOWS = {
  '24 hours': { since: '24h', by: 'hour', stepMs: 3_600_000, steps: 24 },
  '30 days': { since: '30d', by: 'day', stepMs: 86_400_000, steps: 30 },
} as const;
export type WindowName = keyof typeof WINDOWS;

type Tallies = Counts['items'];

/** A point for each step up to now, those without findings included. What was stopped is what was found less what went through. */
export function pointsOf(name: WindowName, all: Tallies, passed: Tallies, nowMs: number): readonly ChartPoint[] {
  const { stepMs, steps } = WINDOWS[name];
  const [found, through] = [byTime(all), byTime(passed)];
  const last = Math.floor(nowMs / stepMs) * stepMs;
  return Array.from({ length: steps }, (_, index) => {
    const startMs = last - (steps - 1 - index) * stepMs;
    const detected = found.get(startMs) ?? 0;
    return { second: startMs / 1000, detected, stopped: detected - (through.get(startMs) ?? 0) };
  });
}

const byTime = (tallies: Tallies): ReadonlyMap<number, number> => new Map(tallies.map(({ value, count }) => [Date.parse(value), count]));
