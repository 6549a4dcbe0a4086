import { AMPLE } from '../behaviour-book.ts';
import { type AskRow, askOf, rowOf } from './ask-rows.ts';
import type { Answer, Ask, FromWorker, ToWorker } from './messages.ts';

/*
 * Questions and answers as they cross between two processes. Nearly all questions are about callers, and much of what one says another has
 * said: both sides know the columns, and a name stands once in a message. Nearly all answers say nothing, to many questions in a row.
 */

export interface PackedAsks {
  /** JSON of `[names, ...rows]`: those that are rows. */
  readonly plain: string;
  /** Those with maps, sets and arrays of numbers. */
  readonly rich: readonly Ask[];
}

export interface PackedAnswers {
  /** Questions to which the answer is `NOTHING`, and those to which it is `AMPLE`: JSON of the first and the last of each run of their ids. */
  readonly plain: string;
  readonly values: readonly Answer[];
}

/** Each kind keeps its order; plain questions and rich ones are about different things. */
export function packAsks(asks: readonly Ask[]): PackedAsks {
  const places = new Map<string, number>();
  const rows: AskRow[] = [];
  const rich: Ask[] = [];
  for (const ask of asks) {
    const row = rowOf(ask, (name) => placeIn(places, name));
    if (row === undefined) rich.push(ask);
    else rows.push(row);
  }
  return { plain: JSON.stringify([[...places.keys()], ...rows]), rich };
}

/** Throws for what `packAsks` has not made. */
export function unpackAsks({ plain, rich }: PackedAsks): readonly Ask[] {
  const [names, ...rows] = JSON.parse(plain) as [readonly string[], ...AskRow[]]; // from our own worker, whose rows these are
  const nameAt = (place: number): string | undefined => (place === 0 ? undefined : names[place - 1]);
  return [...rows.map((row) => askOf(row, nameAt)), ...rich];
}

/** Its place in the order in which names were first said, from 1; 0: none. */
function placeIn(places: Map<string, number>, name: string | undefined): number {
  if (name === undefined) return 0;
  const known = places.get(name);
  if (known !== undefined) return known;
  places.set(name, places.size + 1);
  return places.size;
}

export function packAnswers(answers: readonly Answer[]): PackedAnswers {
  const [nothing, ample]: [number[], number[]] = [[], []];
  const values: Answer[] = [];
  for (const answer of answers) {
    if (answer.value === AMPLE) addTo(ample, answer.id);
    else if (saysNothing(answer.value)) addTo(nothing, answer.id);
    else values.push(answer);
  }
  return { plain: JSON.stringify([nothing, ample]), values };
}

export function unpackAnswers({ plain, values }: PackedAnswers): readonly Answer[] {
  const [nothing, ample] = JSON.parse(plain) as readonly [readonly number[], readonly number[]]; // from our own supervisor
  return [...answersOf(nothing, undefined), ...answersOf(ample, AMPLE), ...values];
}

/** The first and the last of each run. */
function addTo(runs: number[], id: number): void {
  if (runs.at(-1) === id - 1) runs[runs.length - 1] = id;
  else runs.push(id, id);
}

function answersOf(runs: readonly number[], value: Answer['value']): readonly Answer[] {
  const answers: Answer[] = [];
  for (let at = 0; at < runs.length; at += 2) {
    for (let id = runs[at]!; id <= runs[at + 1]!; id++) answers.push({ id, value });
  }
  return answers;
}

/** What is sent of a message. Of nearly all that is one text, which costs a process less to write and to read than an object around it. */
export function sentByWorker(message: FromWorker): FromWorker | string {
  return message.kind === 'asks' && message.asks.rich.length === 0 ? message.asks.plain : message;
}

export function receivedFromWorker(sent: FromWorker | string): FromWorker {
  return typeof sent === 'string' ? { kind: 'asks', asks: { plain: sent, rich: [] } } : sent;
}

export function sentToWorker(message: ToWorker): ToWorker | string {
  return message.kind === 'answers' && message.answers.values.length === 0 ? message.answers.plain : message;
}

export function receivedByWorker(sent: ToWorker | string): ToWorker {
  return typeof sent === 'string' ? { kind: 'answers', answers: { plain: sent, values: [] } } : sent;
}

function saysNothing(value: Answer['value']): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0);
}
