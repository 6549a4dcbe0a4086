import type { Identity } from './identity/identity.ts';

/** What the kill switch can cover. */
export const STOP_SCOPES = ['agent', 'session', 'person', 'all'] as const;
export type StopScope = (typeof STOP_SCOPES)[number];

/** One order to stop, until it is taken back or its time is over. */
export interface Stop {
  /** Unique, made when it was given. */
  readonly id: string;
  readonly scope: StopScope;
  /** The agent's name in the policy, or the keyed hash of a session or person, as findings and spans show it; empty for `all`. */
  readonly name: string;
  /** Why, in the words of who gave it. */
  readonly reason: string;
  /** Who gave it: the user of the operating system, the name behind an admin token, or `policy` for one that followed a finding. */
  readonly by: string;
  readonly atUnixMs: number;
  /** Undefined: until `sluice resume`. */
  readonly untilUnixMs: number | undefined;
}

/** Whom a stop is asked about. */
export interface StopSubject {
  /** The policy's name for the agent; `unknown` for a caller that is none of them. */
  readonly agent: string;
  readonly identity: Pick<Identity, 'persons' | 'sessions'>;
}

/** The first stop that covers this caller now; undefined: none. */
export function stopFor(stops: readonly Stop[], subject: StopSubject, nowUnixMs: number): Stop | undefined {
  return stops.find((stop) => isStanding(stop, nowUnixMs) && covers(stop, subject));
}

export function isStanding({ untilUnixMs }: Stop, nowUnixMs: number): boolean {
  return untilUnixMs === undefined || nowUnixMs < untilUnixMs;
}

function covers({ scope, name }: Stop, { agent, identity }: StopSubject): boolean {
  switch (scope) {
    case 'all':
      return true;
    case 'agent':
      return name === agent;
    case 'session':
      return identity.sessions.some(({ id }) => sameHash(id, name));
    case 'person':
      return identity.persons.some(({ hash }) => sameHash(hash, name));
  }
}

/** Spans show the first 12 hex digits of a hash; both forms name it. */
function sameHash(hash: string, name: string): boolean {
  return hash === name || (name.length >= SHOWN_DIGITS && hash.startsWith(name));
}

const SHOWN_DIGITS = 12;
