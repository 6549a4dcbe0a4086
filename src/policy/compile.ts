import type { BehaviourPolicy } from '../agents/behaviour/settings.ts';
import { compileFlows, compileToolClasses } from '../agents/conversation/compile-flows.ts';
import { toolIntegrityOf } from '../agents/integrity/schema.ts';
import { compileAgents } from '../agents/permissions/compile-agents.ts';
import { type Detector, detectorId, FAMILIES } from '../detect/detector.ts';
import { parsePattern } from '../detect/pattern.ts';
import { phraseOf } from '../detect/phrase.ts';
import { makeParts } from '../detect/phrases/phrase-parts.ts';
import type { Engine } from '../detect/scan.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { DEFAULT_LIMITS } from '../lib/limits.ts';
import { LANES } from '../text/lane.ts';
import { type Base, baseOf, extendBase, failModeIn } from './base.ts';
import { behaviourPolicyOf } from './behaviour-schema.ts';
import { tokenProblems, withCanaryTokens } from './canary-tokens.ts';
import { detectorsRead, isStreamed, narrowedProfiles, ownProfiles } from './compiled-profiles.ts';
import { exceptedProfiles } from './excepted-profile.ts';
import { compileExceptions, exceptionErrors } from './exceptions.ts';
import { isOwnDetector, ownDetector } from './own-detector.ts';
import type { Policy, Profile } from './policy.ts';
import { versionOf } from './policy-version.ts';
import { warningsOf } from './policy-warnings.ts';
import { DEFAULT_PRESET, presetOf } from './presets.ts';
import { inReadingOrder, type PolicyError, type PolicyProblem } from './problem.ts';
import { BASE_NAMES, DEFAULT_PROFILE, type ProfileLayers, resolveProfiles } from './profile-chain.ts';
import { readDocument } from './read-document.ts';
import type { ResolvedPolicy, ResolvedProfile } from './resolved-policy.ts';
import { compileRoutes, firstMatch } from './routes.ts';
import type { PolicyDocument } from './schema.ts';
import { actionIn, compileSelector, resolveSettings } from './settings.ts';
import { type CreateEngine, engineMaker, sharedEngines } from './shared-engines.ts';
import type { PolicySource, YamlDocument } from './yaml-source.ts';

export interface CompileOptions {
  /** Engines that are given the same `compile` share what their detectors have in common. */
  readonly createEngine: CreateEngine;
  /** The built-in detectors. None but phrases has a match of more than `DEFAULT_LIMITS.holdBytes` units. */
  readonly catalogue: readonly Detector[];
  /** Ids of the dialects that routes may name; any name is accepted when absent. */
  readonly dialects?: readonly string[];
  /** The text of a file that the policy names, its path relative to the policy's; undefined when it cannot be read. Default: none can. */
  readonly readBeside?: (name: string) => string | undefined;
  /** Overrides the file's mode (`--mode`, `SLUICE_MODE`). */
  readonly mode?: Policy['mode'];
  /** Unix milliseconds, for warnings about exceptions that have expired. Default: nobody is warned. */
  readonly nowMs?: number;
}

export type CompileResult =
  | { readonly ok: true; readonly policy: Policy; readonly warnings: readonly PolicyProblem[] }
  | { readonly ok: false; readonly errors: readonly PolicyError[] };

/**
 * Makes a policy ready to judge from the text of its file: parse, check, compile, run the examples. A file that does not say what it
 * extends extends `builtin/balanced`. Errors and warnings come in reading order, each at its line and column.
 */
export function compilePolicy(source: PolicySource, options: CompileOptions): CompileResult {
  const read = readDocument(source);
  if (!read.ok) return { ok: false, errors: inReadingOrder(read.errors) };
  const checked = check(read.value, read.yaml, options);
  if (!checked.ok) return { ok: false, errors: inReadingOrder(checked.errors) };
  const { resolved } = checked;
  return {
    ok: true,
    policy: assemble(resolved, options.createEngine),
    warnings: inReadingOrder(warningsOf(read.value, resolved, { yaml: read.yaml, nowMs: options.nowMs })),
  };
}

type CheckResult =
  | { readonly ok: true; readonly resolved: ResolvedPolicy }
  | { readonly ok: false; readonly errors: readonly PolicyError[] };

function check(document: PolicyDocument, yaml: YamlDocument, options: CompileOptions): CheckResult {
  const root = document.extends ?? `builtin/${DEFAULT_PRESET}`;
  const rootErrors = BASE_NAMES.includes(root)
    ? []
    : [yaml.problemAt(['extends'], `extends › unknown preset "${root}"${didYouMean(root, BASE_NAMES)}`)];
  const base = extendBase(baseOf(presetOf(root)), document);
  const mode = options.mode ?? base.mode;
  const own = ownDetectors(document, { yaml, options, holdBytes: base.limits.holdBytes });
  const detectors = [...withCanaryTokens(options.catalogue, document), ...own.detectors];
  const ids = [
    ...options.catalogue.map(detectorId),
    ...Object.entries(document.detectors ?? {}).flatMap(([id, row]) => (isOwnDetector(row) ? [id] : [])),
  ];
  const chains = resolveProfiles(document, rootErrors.length > 0 ? 'none' : root, yaml);
  const profileNames = [...new Set([DEFAULT_PROFILE, ...Object.keys(document.profiles ?? {})])];
  const routes = compileRoutes(document.routes ?? [], { profiles: profileNames, dialects: options.dialects }, yaml);
  const agents = checkAgents(document, profileNames, yaml);
  const flows = checkFlows(base, yaml);
  const exceptions = document.exceptions ?? [];
  const profiles = chains.ok ? chains.profiles.map((profile) => resolveProfile(profile, detectors)) : [];
  const errors = [
    ...rootErrors,
    ...own.errors,
    ...tokenProblems(document, yaml),
    ...selectorProblems(document, ids, yaml),
    ...(chains.ok ? [] : chains.errors),
    ...routes.errors,
    ...agents.errors,
    ...flows.errors,
    ...exceptionErrors(exceptions, { detectors: ids, agents: agents.policy }, yaml),
    ...holdProblems({ detectors: options.catalogue, profiles, holdBytes: base.limits.holdBytes }, yaml),
  ];
  if (errors.length > 0) return { ok: false, errors };
  const failMode = failModeIn(mode, base.failMode);
  const { policy, warnings, document: agentDocument } = agents;
  return {
    ok: true,
    resolved: {
      ...base,
      mode,
      failMode,
      detectors,
      profiles,
      routes: routes.routes,
      agents: policy,
      behaviour: behaviourOf(document),
      flowRules: flows.rules,
      exceptions: compileExceptions(exceptions),
      agentDocument,
      agentWarnings: warnings,
    },
  };
}

function behaviourOf({ behaviour, agents = {} }: PolicyDocument): BehaviourPolicy {
  const rows = Object.entries(agents).flatMap(([name, row]) =>
    typeof row === 'object' && row.budgets !== undefined ? [[name, row.budgets] as const] : [],
  );
  return behaviourPolicyOf(behaviour, new Map(rows));
}

function checkFlows({ flows }: Base, yaml: YamlDocument) {
  const errors: PolicyError[] = [];
  const rules = compileFlows(flows, (path, message) => void errors.push(yaml.problemAt(path, `${path.join(' › ')} › ${message}`)));
  return { rules, errors };
}

function checkAgents({ identity, agents, apis, behaviour }: PolicyDocument, profiles: readonly string[], yaml: YamlDocument) {
  const errors: PolicyError[] = [];
  const warnings: PolicyProblem[] = [];
  const reportTo = (problems: PolicyProblem[]) => (path: readonly (string | number)[], message: string) =>
    void problems.push(
      yaml.problemAt(path, `${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(' › ')} › ${message}`),
    );
  const document = { identity, agents, apis, behaviour };
  const policy = compileAgents(document, { profiles, error: reportTo(errors), warn: reportTo(warnings) });
  return { policy, errors, warnings, document };
}

function resolveProfile({ name, layers }: ProfileLayers, detectors: readonly Detector[]): ResolvedProfile {
  return { name, settings: resolveSettings(detectors, layers) };
}

interface OwnContext {
  readonly yaml: YamlDocument;
  readonly options: CompileOptions;
  readonly holdBytes: number;
}

function ownDetectors(
  document: PolicyDocument,
  { yaml, options, holdBytes }: OwnContext,
): { detectors: Detector[]; errors: PolicyError[] } {
  const builtin = options.catalogue.map(detectorId);
  const detectors: Detector[] = [];
  const errors: PolicyError[] = [];
  for (const [id, row] of Object.entries(document.detectors ?? {})) {
    if (!isOwnDetector(row)) continue;
    const made = ownDetector(id, row, { yaml, builtin, holdBytes, createEngine: options.createEngine, readBeside: options.readBeside });
    if (made.ok) detectors.push(...made.detectors);
    else errors.push(...made.errors);
  }
  return { detectors, errors };
}

/** Rows that select no detector, and rows with parts of an own detector but without what it finds. */
function selectorProblems(document: PolicyDocument, ids: readonly string[], yaml: YamlDocument): PolicyError[] {
  const top = Object.entries(document.detectors ?? {}).filter(([, row]) => !isOwnDetector(row));
  const orphans = top.flatMap(([id, row]) =>
    (['flags', 'keywords', 'examples'] as const)
      .filter((key) => row[key] !== undefined)
      .map((key) => yaml.problemAtKey(['detectors', id, key], `detectors › ${id} › "${key}" needs a "pattern" beside it`)),
  );
  const orphaned = new Set(
    top.filter(([, row]) => row.flags !== undefined || row.keywords !== undefined || row.examples !== undefined).map(([id]) => id),
  );
  const places = [
    ...top.filter(([id]) => !orphaned.has(id)).map(([selector]) => ['detectors', selector]),
    ...Object.entries(document.profiles ?? {}).flatMap(([name, { set }]) =>
      Object.keys(set ?? {}).map((selector) => ['profiles', name, 'set', selector]),
    ),
  ];
  const unknown = places.flatMap((path) => {
    const selector = path.at(-1)!;
    const { exact, selects } = compileSelector(selector);
    if (ids.some(selects)) return [];
    const hint = didYouMean(selector, [...ids, ...FAMILIES.map((family) => `${family}.*`)]) || '; an own detector needs a "pattern"';
    return [
      yaml.problemAtKey(
        path,
        `${path.slice(0, -1).join(' › ')} › ${exact ? `unknown detector "${selector}"` : `"${selector}" selects no detector`}${hint}`,
      ),
    ];
  });
  return [...orphans, ...unknown];
}

/** Built-in detectors that need more room than `limits.holdBytes` leaves, unless they are off everywhere. */
function holdProblems(
  {
    detectors,
    profiles,
    holdBytes,
  }: { readonly detectors: readonly Detector[]; readonly profiles: readonly ResolvedProfile[]; readonly holdBytes: number },
  yaml: YamlDocument,
): PolicyError[] {
  if (holdBytes >= DEFAULT_LIMITS.holdBytes) return []; // no built-in pattern may ask for more
  return detectors.flatMap((detector) => {
    if (phraseOf(detector.pattern) !== undefined) return []; // nothing is held for a phrase
    const id = detectorId(detector);
    const runs = profiles.some(({ settings }) => LANES.some((lane) => actionIn(lane, detector, settings.get(id)!) !== 'off'));
    if (!runs) return [];
    const parsed = parsePattern(detector.pattern);
    if (!parsed.ok || parsed.pattern.longest <= holdBytes) return [];
    const message = `limits › holdBytes › ${holdBytes} is less than the longest match of ${id} (${parsed.pattern.longest}); raise it or set ${id} to off`;
    return [yaml.problemAt(['limits', 'holdBytes'], message)];
  });
}

function assemble(resolved: ResolvedPolicy, createEngine: CreateEngine): Policy {
  const { mode, failMode, acceptEncoding, limits, routes, agents, behaviour, flowRules, toolClasses, toolIntegrity } = resolved;
  const made = new Map<string, Engine>();
  const make = engineMaker(createEngine, detectorsRead(resolved));
  const engines = sharedEngines(make, made);
  const profiles = ownProfiles(resolved, engines);
  const profileOf = (name: string): Profile => profiles.get(name)!;
  const narrowed = narrowedProfiles(resolved, engines);
  return {
    version: versionOf(resolved),
    mode,
    failMode,
    acceptEncoding,
    limits,
    behaviour,
    flows: flowRules,
    toolClasses: compileToolClasses(toolClasses),
    toolIntegrity: toolIntegrityOf(toolIntegrity),
    warm() {
      for (const engine of made.values()) engine.warm();
    },
    warmRest: () => makeParts(new Set([...made.values()].flatMap(({ rules }) => rules.map(({ detector }) => detector)))),
    route: (query) => {
      const route = firstMatch(routes, query);
      return { profile: profileOf(route?.profile ?? DEFAULT_PROFILE), dialect: route?.dialect };
    },
    agents,
    narrowed: (profile, agent) => (agent.profile === undefined ? profile : (narrowed.get(profile.name)?.get(agent.profile) ?? profile)),
    excepted: exceptedProfiles(resolved.exceptions, (rules, lane, direction) => make(rules, isStreamed(lane, direction))),
  };
}
