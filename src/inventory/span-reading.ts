import { remembered } from '../lib/remembered.ts';
import { type Redact, safeHost, safeName, templatePath } from '../telemetry/path-template.ts';
import type { Attributes } from '../telemetry/span.ts';

/** Makes what spans say fit to keep, whoever sent them: redacted, templated, without control characters, bounded. */
export interface Cleaner {
  name(text: string): string;
  path(text: string): string;
  /** Lower case, without port. */
  host(text: string): string;
}

/** Results kept by each cleaner: the same models, paths and hosts come with every span. */
const KNOWN = { textsMax: 16_384 };

export function createCleaner(redact?: Redact): Cleaner {
  return {
    name: remembered((text) => safeName(text, redact), KNOWN),
    path: remembered((text) => templatePath(text.startsWith('/') || text === '*' ? text : `/${text}`, redact), KNOWN),
    host: remembered((text) => safeHost(text, redact).address, KNOWN),
  };
}

/** Reads attributes of a span; what is there with another type is as good as absent. */
export interface Reader {
  /** As it came: only for what is compared with fixed words. */
  raw(name: string): string | undefined;
  name(name: string): string | undefined;
  names(name: string): readonly string[];
  /** A list as it came: only for what is parsed. */
  lines(name: string): readonly string[];
  /** A whole number of zero or more; 0 when there is none. */
  count(name: string): number;
  number(name: string): number;
}

const NO_LINES: readonly string[] = [];

export function createReader(attributes: Attributes, cleaner: Cleaner): Reader {
  const raw = (name: string): string | undefined => {
    const value = attributes[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const lines = (name: string): readonly string[] => {
    const value = attributes[name];
    return Array.isArray(value) ? (value as readonly string[]) : NO_LINES;
  };
  const number = (name: string): number => {
    const value = attributes[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : 0;
  };
  return {
    raw,
    lines,
    number,
    name(name) {
      const value = raw(name);
      return value === undefined ? undefined : cleaner.name(value);
    },
    names: (name) => lines(name).map((value) => cleaner.name(value)),
    count(name) {
      const value = number(name);
      return Number.isSafeInteger(value) && value > 0 ? value : 0;
    },
  };
}
