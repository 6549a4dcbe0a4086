import { type Detector, detectorId, SEVERITIES } from '../detect/detector.ts';
import type { Engine, Rule } from '../detect/scan.ts';
import { DIRECTIONS, type Direction, LANES, type Lane } from '../text/lane.ts';
import type { Profile } from './policy.ts';
import { DEFAULT_PROFILE } from './profile-chain.ts';
import type { ResolvedPolicy, ResolvedProfile } from './resolved-policy.ts';
import type { RowAction } from './schema.ts';
import { actionIn } from './settings.ts';
import type { DetectorLists, EngineOf } from './shared-engines.ts';

/** Every profile of the policy, by its name. */
export function ownProfiles({ profiles, detectors }: ResolvedPolicy, engines: EngineOf): ReadonlyMap<string, Profile> {
  return new Map(profiles.map((profile) => [profile.name, buildProfile([profile], detectors, engines)]));
}

/** Every profile that a route can choose, narrowed by every profile of an agent. */
export function narrowedProfiles(
  { profiles, routes, agents, detectors }: ResolvedPolicy,
  engines: EngineOf,
): ReadonlyMap<string, ReadonlyMap<string, Profile>> {
  const named = (names: ReadonlySet<string | undefined>): readonly ResolvedProfile[] => profiles.filter(({ name }) => names.has(name));
  const ofRoutes = named(new Set([DEFAULT_PROFILE, ...routes.map(({ profile }) => profile)]));
  const ofAgents = named(new Set(agents.agents.map(({ profile }) => profile)));
  const narrow = (wide: ResolvedProfile) => new Map(ofAgents.map((own) => [own.name, buildProfile([wide, own], detectors, engines)]));
  return new Map(ofRoutes.map((wide) => [wide.name, narrow(wide)]));
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
export function detectorsRead({ profiles, detectors }: ResolvedPolicy): DetectorLists {
  const usedIn = (lanes: readonly Lane[]): readonly Detector[] =>
    detectors.filter((detector) =>
      lanes.some((lane) => profiles.some(({ settings }) => actionIn(lane, detector, settings.get(detectorId(detector))!) !== 'off')),
    );
  return { whole: usedIn(LANES), streamed: usedIn([...STREAMED]) };
}

/** Whether somebody reads the lane while it is written. */
export function isStreamed(lane: Lane, direction: Direction): boolean {
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
export const STRENGTH: readonly RowAction[] = ['off', 'observe', 'tokenize', 'redact', 'deny'];

function strongest(actions: readonly RowAction[]): RowAction {
  return STRENGTH[Math.max(...actions.map((action) => STRENGTH.indexOf(action)))] ?? 'off';
}
