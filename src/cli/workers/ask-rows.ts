import type { BehaviourEvent } from '../../agents/behaviour/event.ts';
import { unreachable } from '../../lib/assert.ts';
import type { Ask, StateCalls } from './messages.ts';

/*
 * Questions as rows that JSON carries: what is asked, the id, then a column for each field. Of a name there is its place in the list that
 * goes with the rows, 0 where there is none; of another value null where there is none.
 */

export type AskRow = AdmitRow | AdmittedRow | ObserveRow | CountRow;
type AdmissionRow = ReturnType<typeof admissionRow>;
type AdmitRow = readonly [ask: typeof ADMIT, id: number, ...AdmissionRow];
type AdmittedRow = readonly [ask: typeof ADMITTED, id: number, ...AdmissionRow, requests: number];
type ObserveRow = ReturnType<typeof observeRow>;
type CountRow = readonly [ask: typeof COUNT, id: number, rows: StateCalls['count']['ask']];

const ADMIT = 0;
const OBSERVE = 1;
const COUNT = 2;
const ADMITTED = 3;

/** The place of a name in the list, from 1. */
type PlaceOf = (name: string | undefined) => number;
type NameAt = (place: number) => string | undefined;

/** Undefined: it holds what JSON does not carry. */
export function rowOf(ask: Ask, placeOf: PlaceOf): AskRow | undefined {
  switch (ask.call) {
    case 'admit':
      return [ADMIT, ask.id, ...admissionRow(ask.body, placeOf)];
    case 'admitted':
      return [ADMITTED, ask.id, ...admissionRow(ask.body, placeOf), ask.body.requests];
    case 'observe':
      return observeRow(ask.id, ask.body, placeOf);
    case 'count':
      return [COUNT, ask.id, ask.body];
    default:
      return undefined;
  }
}

/** Throws for what `rowOf` has not made. */
export function askOf(row: AskRow, nameAt: NameAt): Ask {
  switch (row[0]) {
    case ADMIT:
      return { id: row[1], call: 'admit', body: admissionOf(row, nameAt) };
    case ADMITTED:
      return { id: row[1], call: 'admitted', body: { ...admissionOf(row, nameAt), requests: row[10] } };
    case OBSERVE:
      return { id: row[1], call: 'observe', body: eventOf(row, nameAt) };
    case COUNT:
      return { id: row[1], call: 'count', body: row[2] };
    default:
      return unreachable(row);
  }
}

function admissionRow({ agent, subject, nowMs }: StateCalls['admit']['ask'], placeOf: PlaceOf) {
  return [
    nowMs,
    placeOf(agent),
    placeOf(subject.agent),
    placeOf(subject.person),
    placeOf(subject.session),
    placeOf(subject.credential),
    placeOf(subject.endpoint),
    placeOf(subject.tool),
  ] as const;
}

function admissionOf(row: AdmitRow | AdmittedRow, nameAt: NameAt): StateCalls['admit']['ask'] {
  const [, , nowMs, agent, counted, person, session, credential, endpoint, tool] = row;
  return {
    agent: nameAt(agent)!,
    subject: {
      agent: nameAt(counted),
      person: nameAt(person),
      session: nameAt(session),
      credential: nameAt(credential),
      endpoint: nameAt(endpoint),
      tool: nameAt(tool),
    },
    nowMs,
  };
}

function observeRow(id: number, event: BehaviourEvent, placeOf: PlaceOf) {
  return [
    OBSERVE,
    id,
    event.unixMs,
    placeOf(event.agent),
    placeOf(event.person),
    placeOf(event.session),
    placeOf(event.credential),
    placeOf(event.address),
    placeOf(event.endpoint),
    placeOf(event.method),
    placeOf(event.model),
    event.turnCalls ?? null,
    event.status ?? null,
    event.tokensIn ?? null,
    event.tokensOut ?? null,
    event.endsByPause ?? false,
    event.admitted ?? false,
    event.denied,
    event.tools,
    event.ids,
    event.sensitive,
  ] as const;
}

function eventOf(row: ObserveRow, nameAt: NameAt): BehaviourEvent {
  return {
    unixMs: row[2],
    agent: nameAt(row[3]),
    person: nameAt(row[4]),
    session: nameAt(row[5]),
    credential: nameAt(row[6]),
    address: nameAt(row[7]),
    endpoint: nameAt(row[8]),
    method: nameAt(row[9]),
    model: nameAt(row[10]),
    turnCalls: row[11] ?? undefined,
    status: row[12] ?? undefined,
    tokensIn: row[13] ?? undefined,
    tokensOut: row[14] ?? undefined,
    endsByPause: row[15],
    admitted: row[16],
    denied: row[17],
    tools: row[18],
    ids: row[19],
    sensitive: row[20],
  };
}
