import { createInspection, type Inspection } from '../../src/exchange/inspection.ts';
import type { PromptMemory } from '../../src/exchange/prompt-memory.ts';
import { headOf } from '../../src/exchange/request-head.ts';
import type { Finding } from '../../src/policy/finding.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { renderText } from '../../src/respond/splice.ts';
import type { Lane } from '../../src/text/lane.ts';
import type { Head, WireFormat } from '../../src/wire/format.ts';
import { formatById, recogniseFormat } from '../../src/wire/formats/index.ts';
import { emptyFacts } from '../../src/wire/frame.ts';
import type { DialectCase, Slot } from './dialect-case.ts';

/** Texts of the slots that are filled by themselves, each in its pieces. */
export type Texts = ReadonlyMap<string, readonly string[]>;

/** Slots that a test fills; the others repeat one of these. */
export const ownSlots = ({ slots }: DialectCase): readonly Slot[] => slots.filter(({ repeats }) => repeats === undefined);

/** The slots in which the text of one is found again, itself included. */
export const slotsWith = ({ slots }: DialectCase, name: string): readonly Slot[] =>
  slots.filter((slot) => slot.name === name || slot.repeats === name);

/** A harmless text for each slot, unlike that of any other slot; `special` has one of them say something else. */
export function fill(dialectCase: DialectCase, special?: { readonly slot: string; readonly pieces: readonly string[] }): Texts {
  return new Map(ownSlots(dialectCase).map(({ name }, i) => [name, name === special?.slot ? special.pieces : [harmless(i)]]));
}

const WORDS = ['amber', 'basil', 'cedar', 'dahlia', 'elder', 'fennel', 'ginger', 'hazel', 'iris', 'juniper', 'kale', 'lotus', 'maple'];

/** Nothing that any rule looks for; letters outside ASCII, a pair of surrogates and what JSON escapes. */
const harmless = (i: number): string =>
  `${WORDS[i % WORDS.length]} ${'so '.repeat(Math.floor(i / WORDS.length))}says "Grüße" 😀 \\ and bye.`;

/** What a client has in each slot of a body that nobody changed. */
export function written({ slots }: DialectCase, texts: Texts): ReadonlyMap<string, string> {
  return new Map(slots.map(({ name, repeats }) => [name, (texts.get(repeats ?? name) ?? []).join('')]));
}

/** The head of the request that a case belongs to, as Envoy gives it. */
export function headOfCase({ head }: DialectCase): Head {
  return headOf(Object.entries({ ':method': head.method ?? 'POST', ':path': head.path, ':authority': 'api.example', ...head.headers }));
}

/** The dialect that an exchange reads a case in; the answer to a request that was recognised by its body is read as that one. */
function formatOf(dialectCase: DialectCase): WireFormat {
  const found = recogniseFormat(headOfCase(dialectCase));
  return found.id === 'generic' && dialectCase.direction === 'response' ? formatById(dialectCase.format)! : found;
}

export interface Played {
  readonly inspection: Inspection;
  /** The dialect that read it in the end. */
  readonly format: WireFormat;
  readonly findings: readonly Finding[];
  /** Everything released, in order; after a denial without the ending. */
  readonly released: Buffer;
}

export interface PlayOptions {
  /** Default: the case's own. */
  readonly contentType?: string;
  /** What the exchange keeps of the request. Default: nothing. */
  readonly prompt?: PromptMemory;
  /** Told after each piece how many bytes it let go. */
  readonly onPiece?: (released: number, index: number) => void;
}

/** Inspects a body of a case that comes in these pieces. */
export function play(
  policy: Policy,
  dialectCase: DialectCase,
  parts: readonly Buffer[],
  { contentType = dialectCase.contentType, prompt, onPiece = () => {} }: PlayOptions = {},
): Played {
  const findings: Finding[] = [];
  let format = formatOf(dialectCase);
  const inspection = createInspection({
    direction: dialectCase.direction,
    format,
    contentType,
    contentEncoding: undefined,
    profile: policy.route({ routeName: undefined, host: '', path: '' }).profile,
    mode: policy.mode,
    failMode: policy.failMode,
    limits: policy.limits,
    facts: emptyFacts(),
    findings,
    prompt,
    onFormat: (found) => {
      format = found;
    },
  });
  const released: Buffer[] = [];
  for (const [index, part] of parts.entries()) {
    inspection.push(part);
    const left = inspection.take();
    released.push(...left);
    onPiece(
      left.reduce((sum, { length }) => sum + length, 0),
      index,
    );
  }
  inspection.end();
  released.push(...inspection.take());
  return { inspection, format, findings, released: Buffer.concat(released) };
}

/** What redaction makes of a whole text in a lane, and what it finds: `detector@start-end`. */
export function redacted(policy: Policy, lane: Lane, text: string): { readonly text: string; readonly findings: readonly string[] } {
  const scan = policy.route({ routeName: undefined, host: '', path: '' }).profile.engine(lane, 'request')!.open({ stopAtDenial: true });
  scan.push(text);
  scan.end();
  const findings = scan.takeMatches().map(({ rule, start, end }) => `${rule.id}@${start}-${end}`);
  return { text: renderText(text, scan.edits), findings };
}

/** Findings as `lane detector@start-end`, sorted: frames that repeat a text find it again, in an order of their own. */
export const spans = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ lane, detector, start, end }) => `${lane} ${detector}@${start}-${end}`).toSorted();

/** A body cut at every `size` bytes. */
export function cutEvery(body: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(body.length / size) }, (_, i) => body.subarray(i * size, (i + 1) * size));
}
