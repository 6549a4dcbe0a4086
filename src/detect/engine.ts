import { assert } from '../lib/assert.ts';
import { FIXED } from '../lib/limits.ts';
import { once } from '../lib/once.ts';
import { type CompiledDetectors, createDetectorCompiler, type StateBounds } from './compiled-detectors.ts';
import type { Detector } from './detector.ts';
import { type CompiledRules, PlainScan } from './plain-scan.ts';
import { isQuietIn, isQuietInSlices, type QuietWalk } from './quiet-walk.ts';
import type { Engine, Rule } from './scan.ts';

/** Bounds of an engine that a test makes small. */
export type EngineBounds = StateBounds & { readonly blockUnits: number };

/**
 * The engine of one lane's rules. One automaton over all of them reads every unit once and says two things: whether anything is alive (if
 * not, everything before is decided) and which rules may have matched. Only those rules look at the text again, and only at the part that
 * was alive. `among`: the detectors that the automaton reads, those of the rules among them; engines with one `compile` and one such list
 * share all tables.
 */
export function createEngine(
  rules: readonly Rule[],
  bounds: EngineBounds = FIXED,
  compile = createDetectorCompiler(),
  among: readonly Detector[] = rules.map(({ detector }) => detector),
): PlainEngine {
  const ruleOf = rulesOf(among, rules);
  const compiled = once(() => compileRules(compile(among, bounds), ruleOf, bounds.blockUnits));
  return {
    rules,
    warm: compiled,
    get longest() {
      return compiled().longest;
    },
    isQuiet: (text) => isQuietIn(compiled().walk, text),
    isQuietInSlices: (text) => isQuietInSlices(compiled().walk, text),
    walk: () => compiled().walk,
    open: ({ stopAtDenial }) => new PlainScan(compiled(), stopAtDenial),
  };
}

/** An engine that is one automaton. */
export interface PlainEngine extends Engine {
  /** What says whether a text is quiet. */
  walk(): QuietWalk;
}

/** The rule of each detector; a function of its own, so that what an engine keeps has no map of them. */
function rulesOf(detectors: readonly Detector[], rules: readonly Rule[]): CompiledRules['ruleOf'] {
  const byDetector = new Map(rules.map((rule) => [rule.detector, rule]));
  assert(byDetector.size === rules.length, 'each rule has a detector of its own');
  return detectors.map((detector) => byDetector.get(detector));
}

function compileRules(tables: CompiledDetectors, ruleOf: CompiledRules['ruleOf'], blockUnits: number): CompiledRules {
  return {
    tables,
    longest: Math.max(0, ...tables.parts.filter((_, part) => ruleOf[part] !== undefined).map(({ longest }) => longest)),
    ruleOf,
    blockUnits,
    walk: {
      automaton: tables.automaton,
      columnOfUnit: tables.columnOfUnit,
      speaks: (part) => ruleOf[part] !== undefined,
      matchesOneOf: (suspects, text) => suspects.matchIn(text, tables),
    },
  };
}
