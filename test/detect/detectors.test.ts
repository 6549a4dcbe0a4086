import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { type Detector, detectorId, FAMILIES } from '../../src/detect/detector.ts';
import { createEngine } from '../../src/detect/engine.ts';
import { parsePattern } from '../../src/detect/pattern.ts';
import type { Engine, Match, Rule } from '../../src/detect/scan.ts';
import { DEFAULT_LIMITS } from '../../src/lib/limits.ts';

const FOLDERS: Readonly<Record<string, string>> = {
  exfil: 'exfil',
  indirect: 'injection',
  injection: 'injection',
  'national-id': 'pii',
  pii: 'pii',
  secrets: 'secret',
  tools: 'tool',
};

const observing = (detector: Detector): Rule => ({
  id: detectorId(detector),
  detector,
  severity: detector.severity,
  confidence: detector.confidence,
  action: 'observe',
});

const engine = createEngine(CATALOGUE.map(observing));

/** Spans that one detector finds, as `start-end`, when the text arrives in these pieces. */
function spans(from: Engine, id: string, pieces: readonly string[]): string[] {
  const scan = from.open({ stopAtDenial: true });
  const matches: Match[] = [];
  for (const piece of pieces) {
    scan.push(piece);
    matches.push(...scan.takeMatches());
  }
  scan.end();
  matches.push(...scan.takeMatches());
  return matches.filter(({ rule }) => rule.id === id).map(({ start, end }) => `${start}-${end}`);
}

const cuts = (text: string): string[][] => Array.from({ length: text.length - 1 }, (_, i) => [text.slice(0, i + 1), text.slice(i + 1)]);

describe('the catalogue', () => {
  it('lists every file of the family folders and nothing else', () => {
    const files = Object.entries(FOLDERS).flatMap(([folder, family]) =>
      readdirSync(new URL(`../../src/detect/${folder}/`, import.meta.url))
        .filter((file) => file !== 'index.ts')
        .map((file) => `${family}.${file.replace(/\.ts$/, '')}`),
    );
    expect(files.length).toBeGreaterThanOrEqual(14);
    expect(CATALOGUE.map(detectorId).sort()).toEqual(files.sort());
  });

  it('names each detector once, in lower case, with a family of the closed list', () => {
    const ids = CATALOGUE.map(detectorId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
    expect(CATALOGUE.filter(({ family }) => !FAMILIES.includes(family))).toEqual([]);
  });
});

describe.each(CATALOGUE.map((detector) => ({ id: detectorId(detector), detector })))('$id', ({ id, detector }) => {
  it('has at least four samples to find, five to ignore, a summary, a reference and a confidence between 0 and 1', () => {
    expect(detector.finds.length).toBeGreaterThanOrEqual(4);
    expect(detector.ignores.length).toBeGreaterThanOrEqual(5);
    expect(detector.references.length).toBeGreaterThanOrEqual(1);
    expect(detector.summary).toMatch(/^.{20,140}\.$/);
    expect(detector.confidence).toBeGreaterThan(0.5);
    expect(detector.confidence).toBeLessThan(1);
  });

  it('has a pattern within the bounds of the engine', () => {
    const parsed = [detector.pattern, detector.until ?? detector.pattern].map(parsePattern);
    const longest = parsed.map((result) => (result.ok ? result.pattern.longest : Number.POSITIVE_INFINITY));
    const bound = detector.check === undefined && detector.nearby === undefined ? DEFAULT_LIMITS.holdBytes : 128;
    expect(Math.max(...longest)).toBeLessThanOrEqual(bound);
  });

  it.each(detector.finds.map((text, i) => ({ i, text })))('finds exactly one in sample $i, whole and cut in two anywhere', ({ text }) => {
    const whole = spans(engine, id, [text]);
    expect(whole).toHaveLength(1);
    expect(cuts(text).filter((pieces) => spans(engine, id, pieces).join() !== whole.join())).toEqual([]);
    expect(spans(engine, id, [...text])).toEqual(whole);
  });

  it.each(detector.ignores.map((text, i) => ({ i, text })))('finds none in look-alike $i, whole and cut in two anywhere', ({ text }) => {
    expect(spans(engine, id, [text])).toEqual([]);
    expect(cuts(text).filter((pieces) => spans(engine, id, pieces).length > 0)).toEqual([]);
    expect(spans(engine, id, [...text])).toEqual([]);
  });
});
