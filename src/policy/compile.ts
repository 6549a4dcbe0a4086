import { createHash } from 'node:crypto';
import type { BehaviourPolicy } from '../agents/behaviour/settings.ts';
import { compileFlows, compileToolClasses } from '../agents/conversation/compile-flows.ts';
import type { FlowRule } from '../agents/conversation/flows.ts';
import { toolIntegrityOf } from '../agents/integrity/schema.ts';
import type { AgentPolicy } from '../agents/permissions/agent-policy.ts';
import { compileAgents } from '../agents/permissions/compile-agents.ts';
import { type Detector, detectorId, FAMILIES, SEVERITIES } from '../detect/detector.ts';
import { type LaneDetectors, type LaneEngineOptions, prepareDetectors } from '../detect/lane-engine.ts';
import { parsePattern } from '../detect/pattern.ts';
import { phraseOf } from '../detect/phrase.ts';
import { makeParts } from '../detect/phrases/phrase-parts.ts';
import type { Engine, Rule } from '../detect/scan.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { DEFAULT_LIMITS } from '../lib/limits.ts';
import { DIRECTIONS, type Direction, LANES, type Lane } from '../text/lane.ts';
import { type Base, baseOf, extendBase, failModeIn } from './base.ts';
import { behaviourPolicyOf } from './behaviour-schema.ts';
import { tokenProblems, withCanaryTokens } from './canary-tokens.ts';
import { exceptedProfiles } from './excepted-profile.ts';
import { compileExceptions, type Exception, exceptionErrors, exceptionWarnings } from './exceptions.ts';
import { isOwnDetector, ownDetector } from './own-detector.ts';
import type { Policy, Profile } from './policy.ts';
import { DEFAULT_PRESET, presetOf } from './presets.ts';
import { inReadingOrder, type PolicyError, type PolicyProblem } from './problem.ts';
import { BASE_NAMES, DEFAULT_PROFILE, type ProfileLayers, resolveProfiles } from './profile-chain.ts';
import { readDocument } from './read-document.ts';
import { compileRoutes, firstMatch, type Route, unreachableRows } from './routes.ts';
import type { PolicyDocument, RowAction } from './schema.ts';
import { actionIn, compileSelector, type DetectorSettings, resolveSettings } from './settings.ts';
import type { PolicySource, YamlDocument } from './yaml-source.ts';

export interface CompileOptions {
  /** Engines that are given the same `compile` share what their detectors have in common. */
  readonly createEngine: (rules: readonly Rule[], options?: LaneEngineOptions) => Engine;
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

/** A policy in which every name is resolved and every bound checked. */
interface Resolved extends Base {
  readonly detectors: readonly Detector[];
  readonly profiles: readonly ResolvedProfile[];
  readonly routes: readonly Route[];
  readonly agents: AgentPolicy;
  readonly behaviour: BehaviourPolicy;
  readonly flowRules: readonly FlowRule[];
  readonly exceptions: readonly Exception[];
  /** What the agents were compiled from. */
  readonly agentDocument: Pick<PolicyDocument, 'identity' | 'agents' | 'apis' | 'behaviour'>;
  readonly agentWarnings: readonly PolicyProblem[];
}

interface ResolvedProfile {
  readonly name: string;
  readonly settings: ReadonlyMap<string, DetectorSettings>;
}

type CheckResult = { readonly ok: true; readonly resolved: Resolved } | { readonly ok: false; readonly errors: readonly PolicyError[] };

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

function assemble(resolved: Resolved, createEngine: CompileOptions['createEngine']): Policy {
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

function ownProfiles({ profiles, detectors }: Resolved, engines: EngineOf): ReadonlyMap<string, Profile> {
  return new Map(profiles.map((profile) => [profile.name, buildProfile([profile], detectors, engines)]));
}

/** Every profile that a route can choose, narrowed by every profile of an agent. */
function narrowedProfiles(
  { profiles, routes, agents, detectors }: Resolved,
  engines: EngineOf,
): ReadonlyMap<string, ReadonlyMap<string, Profile>> {
  const named = (names: ReadonlySet<string | undefined>): readonly ResolvedProfile[] => profiles.filter(({ name }) => names.has(name));
  const ofRoutes = named(new Set([DEFAULT_PROFILE, ...routes.map(({ profile }) => profile)]));
  const ofAgents = named(new Set(agents.agents.map(({ profile }) => profile)));
  const narrow = (wide: ResolvedProfile) => new Map(ofAgents.map((own) => [own.name, buildProfile([wide, own], detectors, engines)]));
  return new Map(ofRoutes.map((wide) => [wide.name, narrow(wide)]));
}

type EngineOf = (rules: readonly Rule[], options: { readonly streamed: boolean }) => Engine | undefined;

/** Makes engines that share one set of tables for all that are read alike. */
function engineMaker(
  createEngine: CompileOptions['createEngine'],
  lists: Parameters<typeof prepareDetectors>[0],
): (rules: readonly Rule[], streamed: boolean) => Engine {
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

/** One engine for equal rule sets, whatever lane or profile they belong to; different engines have equal rules in common. */
function sharedEngines(make: ReturnType<typeof engineMaker>, made: Map<string, Engine>): EngineOf {
  const known = new Map<string, Rule>();
  const numbers = new Map<Rule, number>();
  const sharedRule = (rule: Rule): Rule => {
    const key = JSON.stringify([rule.id, rule.severity, rule.action, rule.tokenizes]);
    const shared = known.get(key) ?? rule;
    if (shared === rule) numbers.set(rule, numbers.size);
    known.set(key, shared);
    return shared;
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

/** A profile of one set of rows, or of several of which the strongest counts. */
function buildProfile(parts: readonly ResolvedProfile[], detectors: readonly Detector[], engines: EngineOf): Profile {
  const rows = { settings: parts.map((part) => part.settings), detectors };
  const byDirection = {
    request: enginesOf(rows, engines, { direction: 'request' }),
    response: enginesOf(rows, engines, { direction: 'response' }),
  };
  const claimed = enginesOf(rows, engines, { direction: 'request', beside: 'user' });
  return {
    name: [...new Set(parts.map(({ name }) => name))].join('+'),
    engine: (lane, direction) => byDirection[direction].get(lane),
    claimedEngine: (lane) => claimed.get(lane),
    rule: (lane, direction, id) => rulesById(byDirection[direction].get(lane)).get(id),
    flowException: () => undefined,
    inspects: DIRECTIONS.some((direction) => [...byDirection[direction].values()].some((engine) => engine !== undefined)),
    tokenizes: [...byDirection.request.values()].some((engine) => engine?.rules.some(({ tokenizes }) => tokenizes === true)),
    compares: [...byDirection.response.values()].some((engine) => engine?.rules.some(({ detector }) => detector.compares !== undefined)),
  };
}

/** The engine of each lane; what is looked for in a lane `beside` them is looked for in all. */
function enginesOf(
  { settings, detectors }: { readonly settings: readonly ResolvedProfile['settings'][]; readonly detectors: readonly Detector[] },
  engines: EngineOf,
  { direction, beside }: { readonly direction: Direction; readonly beside?: Lane },
): ReadonlyMap<Lane, Engine | undefined> {
  return new Map(
    LANES.map((lane) => {
      const lanes = beside === undefined ? [lane] : [lane, beside];
      return [lane, engines(rulesIn({ lanes, direction }, detectors, settings), { streamed: isStreamed(lane, direction) })];
    }),
  );
}

/** The rules of an engine by id; made once, because every exchange asks. */
const rulesById = (() => {
  const made = new WeakMap<Engine, ReadonlyMap<string, Rule>>();
  return (engine: Engine | undefined): ReadonlyMap<string, Rule> => {
    if (engine === undefined) return NO_RULES;
    const known = made.get(engine) ?? new Map(engine.rules.map((rule) => [rule.id, rule]));
    made.set(engine, known);
    return known;
  };
})();

const NO_RULES: ReadonlyMap<string, Rule> = new Map();

/** The detectors that some profile uses in some lane, by how the lane is read. */
function detectorsRead({ profiles, detectors }: Resolved): { readonly whole: readonly Detector[]; readonly streamed: readonly Detector[] } {
  const usedIn = (lanes: readonly Lane[]): readonly Detector[] =>
    detectors.filter((detector) =>
      lanes.some((lane) => profiles.some(({ settings }) => actionIn(lane, detector, settings.get(detectorId(detector))!) !== 'off')),
    );
  return { whole: usedIn(LANES), streamed: usedIn([...STREAMED]) };
}

function isStreamed(lane: Lane, direction: Direction): boolean {
  return direction === 'response' && STREAMED.has(lane);
}

/** Lanes of answers that somebody reads while they are written. */
const STREAMED: ReadonlySet<Lane> = new Set(['output', 'refusal', 'reasoning', 'tool-arguments', 'other']);

/** What is looked for in any of these lanes of texts that go this way, with the strongest action of them. */
function rulesIn(
  { lanes, direction }: { readonly lanes: readonly Lane[]; readonly direction: Direction },
  detectors: readonly Detector[],
  settings: readonly ResolvedProfile['settings'][],
): Rule[] {
  const travelling = detectors.filter((detector) => detector.direction === undefined || detector.direction === direction);
  return travelling.flatMap((detector) => {
    const id = detectorId(detector);
    const rows = settings.map((one) => one.get(id)!);
    const action = strongest(rows.flatMap((row) => lanes.map((lane) => actionIn(lane, detector, row))));
    const severity = SEVERITIES[Math.max(...rows.map((row) => SEVERITIES.indexOf(row.severity)))] ?? detector.severity;
    if (action === 'off') return [];
    const rule = { id, detector, severity, confidence: detector.confidence };
    if (action !== 'tokenize') return [{ ...rule, action }];
    // What a model wrote itself is nobody's to have back.
    return [{ ...rule, action: 'redact', ...(direction === 'request' && { tokenizes: true }) }];
  });
}

/** Of two that replace the text the one that cannot be undone. */
const STRENGTH: readonly RowAction[] = ['off', 'observe', 'tokenize', 'redact', 'deny'];

function strongest(actions: readonly RowAction[]): RowAction {
  return STRENGTH[Math.max(...actions.map((action) => STRENGTH.indexOf(action)))] ?? 'off';
}

/** Two files that mean the same have the same version; comments, order and spelling of sizes do not count. */
function versionOf({
  mode,
  failMode,
  acceptEncoding,
  limits,
  detectors,
  profiles,
  routes,
  flows,
  toolClasses,
  toolIntegrity,
  exceptions,
  agentDocument,
}: Resolved): string {
  const resolved = {
    mode,
    failMode: sorted(failMode),
    acceptEncoding,
    limits: sorted(limits),
    detectors: detectors
      .map((one) => [detectorId(one), String(one.pattern), one.nearby ?? [], one.confidence, one.spans ?? null])
      .sort(byFirst),
    profiles: profiles.map(({ name, settings }) => [name, [...settings].sort(byFirst)]).sort(byFirst),
    routes: routes.map(({ host, path, routeName, profile, dialect }) => [host?.source, path?.source, routeName?.source, profile, dialect]),
    ...(flows.length > 0 ? { flows } : {}),
    ...(Object.keys(toolClasses).length > 0 ? { toolClasses } : {}),
    ...(toolIntegrity === undefined ? {} : { toolIntegrity: sorted(toolIntegrity) }),
    ...(exceptions.length > 0 ? { exceptions: exceptions.map(({ row }) => sorted({ ...row, reason: undefined, by: undefined })) } : {}),
    ...(Object.values(agentDocument).some((part) => part !== undefined) ? { agents: agentDocument } : {}),
  };
  return createHash('sha256').update(JSON.stringify(resolved)).digest('hex').slice(0, 12);
}

function sorted(value: object): unknown[] {
  return Object.entries(value).sort(byFirst);
}

function byFirst(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1;
}

function warningsOf(
  document: PolicyDocument,
  { mode, detectors, profiles, routes, agents, agentWarnings, exceptions }: Resolved,
  { yaml, nowMs }: { readonly yaml: YamlDocument; readonly nowMs: number | undefined },
): PolicyProblem[] {
  return [
    ...unreachableRows(routes, yaml),
    ...agentWarnings,
    ...exceptionWarnings(exceptions, { agents, nowMs }, yaml),
    ...weakerRows(routes, profiles, detectors, yaml),
    ...withoutExamples(document, yaml),
    ...closedWhileObserving(document, mode, yaml),
    ...idleTokens(document, detectors, yaml),
  ];
}

/** Rows chosen by what a client sends (host, path) that are weaker than the default profile: a client could choose them too. */
function weakerRows(
  routes: readonly Route[],
  profiles: readonly ResolvedProfile[],
  detectors: readonly Detector[],
  yaml: YamlDocument,
): PolicyProblem[] {
  const settingsOf = (name: string) => profiles.find((profile) => profile.name === name)!.settings;
  return routes.flatMap(({ index, routeName, profile }) => {
    if (routeName !== undefined || profile === DEFAULT_PROFILE) return [];
    const isWeakerIn = (detector: Detector): boolean => isWeaker(detector, settingsOf(profile), settingsOf(DEFAULT_PROFILE));
    const weaker = [...new Set(detectors.filter(isWeakerIn).map(detectorId))];
    if (weaker.length === 0) return [];
    const named = weaker.length > 3 ? `${weaker.slice(0, 3).join(', ')} and ${weaker.length - 3} more` : weaker.join(', ');
    const message = `routes › [${index}] › profile "${profile}" is weaker than "default" for ${named}, and host and path are chosen by the client; match on routeName too`;
    return [yaml.problemAt(['routes', index], message)];
  });
}

function isWeaker(detector: Detector, settings: ResolvedProfile['settings'], than: ResolvedProfile['settings']): boolean {
  const id = detectorId(detector);
  const strength = (lane: Lane, from: ResolvedProfile['settings']): number => STRENGTH.indexOf(actionIn(lane, detector, from.get(id)!));
  return LANES.some((lane) => strength(lane, settings) < strength(lane, than));
}

function withoutExamples(document: PolicyDocument, yaml: YamlDocument): PolicyProblem[] {
  return Object.entries(document.detectors ?? {}).flatMap(([id, row]) =>
    row.pattern !== undefined && (row.examples?.finds ?? []).length === 0
      ? [
          yaml.problemAtKey(
            ['detectors', id],
            `detectors › ${id} › has no examples.finds: nothing shows that the pattern finds what it should`,
          ),
        ]
      : [],
  );
}

/** Rows that ask for tokens where nothing of a request is, or nothing that could be put back. */
function idleTokens(document: PolicyDocument, detectors: readonly Detector[], yaml: YamlDocument): PolicyProblem[] {
  const tops = Object.entries(document.detectors ?? {}).map(([id, row]) => ({ path: ['detectors', id], id, row }));
  const sets = Object.entries(document.profiles ?? {}).flatMap(([name, { set }]) =>
    Object.entries(set ?? {}).map(([id, row]) => ({ path: ['profiles', name, 'set', id], id, row })),
  );
  return [...tops, ...sets].flatMap(({ path, id, row }) => {
    if (row.action !== 'tokenize') return [];
    const { selects } = compileSelector(id);
    const why = row.lanes?.every((lane) => ANSWER_LANES.has(lane))
      ? 'its lanes stand in answers alone, where it redacts'
      : detectors.filter((one) => selects(detectorId(one))).every(hasNoValue)
        ? 'what it finds is no value of a request: it redacts or observes'
        : undefined;
    return why === undefined ? [] : [yaml.problemAtKey([...path, 'action'], `${path.join(' › ')} › tokenize makes no tokens here: ${why}`)];
  });
}

const ANSWER_LANES: ReadonlySet<Lane> = new Set(['output', 'refusal', 'reasoning']);

function hasNoValue({ direction, judge, ofExchange, compares, lanes }: Detector): boolean {
  const isOfAnswers = direction === 'response' || lanes?.every((lane) => ANSWER_LANES.has(lane)) === true;
  return isOfAnswers || judge !== undefined || ofExchange === true || compares !== undefined;
}

function closedWhileObserving({ failMode, mode: written }: PolicyDocument, mode: Policy['mode'], yaml: YamlDocument): PolicyProblem[] {
  if (mode !== 'observe' || written !== 'observe') return [];
  return Object.entries(failMode ?? {}).flatMap(([key, value]) =>
    value === 'closed' || value === 'deny'
      ? [yaml.problemAtKey(['failMode', key], `failMode › ${key} › has no effect in observe mode, which denies nothing`)]
      : [],
  );
}
