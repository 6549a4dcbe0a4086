import { type Detector, detectorId } from '../detect/detector.ts';
import { LANES, type Lane } from '../text/lane.ts';
import { STRENGTH } from './compiled-profiles.ts';
import { exceptionWarnings } from './exceptions.ts';
import type { Policy } from './policy.ts';
import type { PolicyProblem } from './problem.ts';
import { DEFAULT_PROFILE } from './profile-chain.ts';
import type { ResolvedPolicy, ResolvedProfile } from './resolved-policy.ts';
import { type Route, unreachableRows } from './routes.ts';
import type { PolicyDocument } from './schema.ts';
import { actionIn, compileSelector } from './settings.ts';
import type { YamlDocument } from './yaml-source.ts';

/** What a policy says that it may not mean; none of it keeps the policy from being loaded. In no order. */
export function warningsOf(
  document: PolicyDocument,
  { mode, detectors, profiles, routes, agents, agentWarnings, exceptions }: ResolvedPolicy,
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
