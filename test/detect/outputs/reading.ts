import { type Detector, NO_PATTERN, type SpanRule } from '../../../src/detect/detector.ts';
import { createLaneEngine } from '../../../src/detect/lane-engine.ts';
import type { Action, Engine, Rule } from '../../../src/detect/scan.ts';
import { renderText } from '../../../src/respond/splice.ts';

/** A rule with a list, or with a pattern. */
export function ruleWith(parts: Pick<Detector, 'pattern'> | { readonly spans: SpanRule }, action: Action, name = 'x'): Rule {
  const detector: Detector = {
    name,
    family: 'output',
    summary: '',
    tier: 'block',
    severity: 'medium',
    confidence: 1,
    pattern: NO_PATTERN,
    ...parts,
    references: [],
    finds: [],
    ignores: [],
  };
  return { id: `output.${name}`, detector, severity: 'medium', confidence: 1, action };
}

export const engineOf = (...rules: readonly Rule[]): Engine => createLaneEngine(rules, { streamed: true });

/** What an engine says of a text that comes in pieces. */
export interface Said {
  readonly found: readonly string[];
  readonly denied: boolean;
  readonly output: string;
}

export function read(engine: Engine, pieces: readonly string[]): Said {
  const scan = engine.open({ stopAtDenial: true });
  const matches = [];
  for (const piece of pieces) {
    scan.push(piece);
    matches.push(...scan.takeMatches());
  }
  scan.end();
  matches.push(...scan.takeMatches());
  const text = pieces.join('');
  return {
    found: matches.map(({ start, end }) => text.slice(start, end)),
    denied: scan.denied !== undefined,
    output: scan.denied === undefined ? renderText(text, scan.edits) : '',
  };
}

/** Every cut of a text in two, and the text unit by unit. */
export function cuttings(text: string): readonly (readonly string[])[] {
  return [
    [...Array(text.length).keys()].map((i) => text[i]!),
    ...[...Array(text.length + 1).keys()].map((at) => [text.slice(0, at), text.slice(at)]),
  ];
}

/** Offsets at which the text before them was settled otherwise than the whole text's edits have it: units that left too early. */
export function leftTooEarly(engine: Engine, text: string): readonly number[] {
  const { edits } = wholeEdits(engine, text);
  const scan = engine.open({ stopAtDenial: true });
  const early: number[] = [];
  for (let at = 0; at < text.length; at++) {
    scan.push(text[at]!);
    const settled = scan.settled;
    const known = scan.edits.map(({ start, end }) => [start, Math.min(end, settled)]);
    const due = edits.filter(({ start }) => start < settled).map(({ start, end }) => [start, Math.min(end, settled)]);
    if (JSON.stringify(known.filter(([start = 0]) => start < settled)) !== JSON.stringify(due)) early.push(at);
  }
  return early;
}

function wholeEdits(engine: Engine, text: string): { readonly edits: readonly { readonly start: number; readonly end: number }[] } {
  const scan = engine.open({ stopAtDenial: true });
  scan.push(text);
  scan.end();
  return { edits: scan.edits };
}
