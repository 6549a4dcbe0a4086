/** The last moment that a date can have (ECMA-262, 21.4.1.1), in Unix milliseconds. */
export const TIME_MAX_MS = 8.64e15;

/** ISO 8601, UTC. What no date can have, from a span or a store, becomes the nearest that one can; what is no number the first. */
export const isoTime = (unixMs: number): string => new Date(boundedTime(unixMs)).toISOString();

/** Whole Unix milliseconds that a date can have, from 1970 on. */
export const boundedTime = (unixMs: number): number => Math.min(TIME_MAX_MS, Math.max(0, Math.floor(unixMs) || 0));
