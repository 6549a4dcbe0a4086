import type { Detector } from '../detect/detector.ts';
import { type LaneDetectors, prepareDetectors } from '../detect/lane-detectors.ts';
import type { LaneEngineOptions } from '../detect/lane-engine.ts';
import type { Engine, Rule } from '../detect/scan.ts';

/** Makes an engine of its own. */
export type CreateEngine = (rules: readonly Rule[], options?: LaneEngineOptions) => Engine;
/** The engine for some rules, made or known. Undefined: there are no rules. */
export type EngineOf = (rules: readonly Rule[], options: { readonly streamed: boolean }) => Engine | undefined;

/** Detectors by how the lanes are read that they are looked for in. */
export interface DetectorLists {
  readonly whole: readonly Detector[];
  readonly streamed: readonly Detector[];
}

/** Makes engines that share one set of tables for all that are read alike. */
export function engineMaker(createEngine: CreateEngine, lists: DetectorLists): (rules: readonly Rule[], streamed: boolean) => Engine {
  let detectors: LaneDetectors | undefined;
  return (rules, streamed) =>
    createEngine(rules, {
      streamed,
      get detectors() {
        detectors ??= prepareDetectors(lists);
        return detectors;
      },
    });
}

/**
 * One engine for equal rule sets, whatever lane or profile they belong to; different engines have equal rules in common. `made`: filled with
 * every engine, each under a name of its own.
 */
export function sharedEngines(make: ReturnType<typeof engineMaker>, made: Map<string, Engine>): EngineOf {
  const known = new Map<string, Rule>();
  const numbers = new Map<Rule, number>();
  const sharedRule = (rule: Rule): Rule => {
    const key = JSON.stringify([rule.id, rule.severity, rule.action, rule.tokenizes]);
    const shared = known.get(key);
    if (shared !== undefined) return shared;
    known.set(key, rule);
    numbers.set(rule, numbers.size);
    return rule;
  };
  return (rules, { streamed }) => {
    if (rules.length === 0) return undefined;
    const shared = rules.map(sharedRule);
    const key = `${streamed}:${shared.map((rule) => numbers.get(rule)).join()}`;
    const engine = made.get(key) ?? make(shared, streamed);
    made.set(key, engine);
    return engine;
  };
}
