import type { Engine, Rule } from '../detect/scan.ts';
import { FIXED } from '../lib/limits.ts';
import type { Direction, Lane } from '../text/lane.ts';
import { type Exception, exceptionOf, exceptionsFor, flowExceptionOf } from './exceptions.ts';
import type { Policy, Profile } from './policy.ts';

/** Makes the engine of a lane of texts that go this way. */
export type MakeEngine = (rules: readonly Rule[], lane: Lane, direction: Direction) => Engine;

/** Profiles with the exceptions that hold for an exchange. What was made is kept, `FIXED.exceptedProfiles` for each profile. */
export function exceptedProfiles(exceptions: readonly Exception[], makeEngine: MakeEngine): Policy['excepted'] {
  const kept = new Map<Profile, Map<string, Profile>>();
  return (profile, exchange) => {
    const holding = exceptionsFor(exceptions, exchange);
    if (holding.length === 0) return profile;
    const known = kept.get(profile) ?? new Map<string, Profile>();
    kept.set(profile, known);
    const key = holding.map(({ place }) => place).join();
    const before = known.get(key);
    if (before !== undefined) return before;
    const [oldest] = known.keys();
    if (known.size >= FIXED.exceptedProfiles && oldest !== undefined) known.delete(oldest);
    const made = exceptedProfile(profile, holding, makeEngine);
    known.set(key, made);
    return made;
  };
}

/** Engines are made for a lane when it is first read, and only where an exception changes one of its rules. */
function exceptedProfile(profile: Profile, exceptions: readonly Exception[], makeEngine: MakeEngine): Profile {
  const made = new Map<Engine, Map<string, Engine>>();
  const changed = (engine: Engine | undefined, lane: Lane, direction: Direction): Engine | undefined => {
    if (engine === undefined) return undefined;
    const places = engine.rules.map(({ id }) => exceptionOf(exceptions, id, lane)?.place);
    const key = places.join();
    if (places.every((place) => place === undefined)) return engine;
    const known = made.get(engine) ?? new Map<string, Engine>();
    made.set(engine, known);
    const own =
      known.get(key) ??
      makeEngine(
        engine.rules.map((rule, at) => exceptedRule(rule, places[at])),
        lane,
        direction,
      );
    known.set(key, own);
    return own;
  };
  const engines = {
    request: remembered((lane) => changed(profile.engine(lane, 'request'), lane, 'request')),
    response: remembered((lane) => changed(profile.engine(lane, 'response'), lane, 'response')),
  } as const satisfies Record<Direction, unknown>;
  const engine: Profile['engine'] = (lane, direction) => engines[direction](lane);
  return {
    ...profile,
    engine,
    claimedEngine: remembered((lane) => changed(profile.claimedEngine(lane), lane, 'request')),
    rule: (lane, direction, id) => engine(lane, direction)?.rules.find((rule) => rule.id === id),
    flowException: (finding, lane) => flowExceptionOf(exceptions, finding, lane)?.place,
  };
}

function remembered(make: (lane: Lane) => Engine | undefined): (lane: Lane) => Engine | undefined {
  const made = new Map<Lane, Engine | undefined>();
  return (lane) => {
    if (!made.has(lane)) made.set(lane, make(lane));
    return made.get(lane);
  };
}

function exceptedRule(rule: Rule, place: string | undefined): Rule {
  if (place === undefined) return rule;
  const { tokenizes: _, ...plain } = rule;
  return { ...plain, action: 'observe', exception: place };
}
