import { hash } from 'node:crypto';
import type { ExchangeRecord, Learned } from '../exchange/events.ts';
import type { BodyShape } from '../wire/body-shape.ts';
import { type Redact, safeName, templatePath } from './path-template.ts';
import { ATTR } from './semconv.ts';
import type { Attributes } from './span.ts';

type Endpoint = Pick<ExchangeRecord, 'method' | 'host' | 'path'>;

/**
 * Which exchanges tell the inventory what their bodies look like, and which of that is worth sending: what was said of an endpoint within
 * the last minutes is not said again, so that nearly every span goes without.
 */
export interface LearningSample {
  /** Whether the bodies of an exchange are looked at: the first of each endpoint, then a share. Counts it. */
  wants(endpoint: Endpoint): boolean;
  /** Attributes of what nobody has been told lately, fit to leave. */
  news(record: ExchangeRecord): Attributes;
}

export interface LearningBounds {
  /** Exchanges in a row of which all are looked at, of an endpoint that showed nothing new in them, and one in how many after that. */
  readonly firstExchanges: number;
  readonly share: number;
  /** Endpoints whose exchanges are counted, and things said that are remembered; the one unused longest is forgotten. */
  readonly endpoints: number;
  readonly told: number;
  /** How long a thing that was said is not said again, in milliseconds: the inventory may have lost it, or be a new one. */
  readonly againMs: number;
  /** Things said at once, and again in each second: what detectors have to look at costs up to a millisecond. The rest is not said. */
  readonly burst: number;
  readonly perSecond: number;
}

export const LEARNING_BOUNDS: LearningBounds = {
  firstExchanges: 64,
  share: 16,
  endpoints: 4096,
  told: 16_384,
  againMs: 10 * 60_000,
  burst: 256,
  perSecond: 32,
};

/** Digits of a fingerprint that are sent: no two descriptions of one tool have the same. */
const SHOWN_DIGITS = 16;
const KEY_UNITS_MAX = 512;
/** Paths whose templates are at hand. */
const KEYS_MAX = 1024;

/** Time comes from the records. */
export function createLearningSample(redact: Redact, bounds: LearningBounds = LEARNING_BOUNDS): LearningSample {
  const quiet = createRecent<number>(bounds.endpoints);
  const told = createRecent<number>(bounds.told);
  const keys = createRecent<string>(KEYS_MAX);
  let left = bounds.burst;
  let filledMs = 0;

  function keyOf({ method, host, path }: Endpoint): string {
    const written = `${method} ${host} ${path}`;
    const known = keys.get(written);
    if (known !== undefined) return known;
    const key = `${method} ${host} ${templatePath(path)}`.slice(0, KEY_UNITS_MAX).replaceAll('\n', ' ');
    if (written.length <= KEY_UNITS_MAX) keys.set(written, key);
    return key;
  }

  function mayTell(nowMs: number): boolean {
    left = Math.min(bounds.burst, left + (Math.max(0, nowMs - filledMs) * bounds.perSecond) / 1000);
    filledMs = Math.max(filledMs, nowMs);
    if (left < 1) return false;
    left -= 1;
    return true;
  }

  /** Whether it is to be said now. */
  function isNews(id: string, nowMs: number): boolean {
    const before = told.get(id);
    return before === undefined || nowMs - before >= bounds.againMs;
  }

  /** Undefined: said already, or too much to say. What is said first is looked at again before it is called new. */
  function tell(
    lines: readonly string[],
    fit: () => readonly string[],
    about: { key: string; nowMs: number },
  ): readonly string[] | undefined {
    const { key, nowMs } = about;
    const id = idOf(key, lines);
    if (lines.length === 0 || !isNews(id, nowMs) || !mayTell(nowMs)) return undefined;
    const said = fit();
    const saidId = idOf(key, said);
    const isNew = isNews(saidId, nowMs);
    if (told.get(saidId) === undefined) quiet.set(key.slice(0, key.indexOf('\n')), 0);
    for (const one of [id, saidId]) told.set(one, nowMs);
    return isNew ? said : undefined;
  }

  return {
    wants(endpoint) {
      const key = keyOf(endpoint);
      const count = (quiet.get(key) ?? 0) + 1;
      quiet.set(key, count);
      return count <= bounds.firstExchanges || count % bounds.share === 0;
    },
    news(record) {
      const { learned, endUnixMs: nowMs } = record;
      if (learned === undefined || isEmpty(learned)) return NOTHING;
      const key = keyOf(record);
      const attributes: Record<string, readonly string[]> = {};
      const add = (name: string, lines: readonly string[], fit: () => readonly string[]): void => {
        const said = tell(lines, fit, { key: `${key}\n${name}`, nowMs });
        if (said !== undefined) attributes[name] = said;
      };
      const { request = NO_LINES, response = NO_LINES } = learned.shapes;
      add(ATTR.requestShape, request, () => fitShape(request, redact));
      add(ATTR.responseShape, response, () => fitShape(response, redact));
      const tools = [...learned.tools];
      const lines = (fit: Redact) => () => tools.map(([name, digits]) => `${safeName(name, fit)} ${digits.slice(0, SHOWN_DIGITS)}`);
      add(ATTR.toolDescriptions, lines((name) => name)(), lines(redact));
      return attributes;
    },
  };
}

const isEmpty = ({ shapes, tools }: Learned): boolean => shapes.request === undefined && shapes.response === undefined && tools.size === 0;

const NOTHING: Attributes = {};
const NO_LINES: readonly string[] = [];

const idOf = (key: string, lines: readonly string[]): string => hash('sha256', `${key}\n${lines.join('\n')}`, 'base64url');

/** Names in which detectors recognise something are keys of a map. */
function fitShape(lines: BodyShape, redact: Redact): BodyShape {
  const names = new Set(lines.flatMap((line) => pathOf(line).split('/')));
  const all = [...names].join('\n');
  if (redact(all) === all) return lines;
  const fits = new Map([...names].map((name) => [name, redact(name) === name ? name : '{key}']));
  return lines.map((line) => {
    const path = pathOf(line);
    return (
      path
        .split('/')
        .map((name) => fits.get(name)!)
        .join('/') + line.slice(path.length)
    );
  });
}

/** What stands before the types, with the `?` of a field that is not always there. */
const pathOf = (line: string): string => line.slice(0, line.indexOf(' '));

interface Recent<V> {
  /** A value that is asked for counts as used. */
  get(key: string): V | undefined;
  set(key: string, value: V): void;
}

function createRecent<V>(max: number): Recent<V> {
  const values = new Map<string, V>();
  let newest: string | undefined;
  const put = (key: string, value: V): void => {
    if (key !== newest) values.delete(key); // what is newest already keeps its place
    values.set(key, value);
    newest = key;
  };
  return {
    get(key) {
      const value = values.get(key);
      if (value !== undefined && key !== newest) put(key, value);
      return value;
    },
    set(key, value) {
      put(key, value);
      if (values.size > max) values.delete(values.keys().next().value!);
    },
  };
}
