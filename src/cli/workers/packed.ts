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
  /** Questions to which the answer is `NOTHING`: JSON of the first and the last of each run of ids. */
  readonly nothing: string;
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
  const runs: number[] = [];
  const values: Answer[] = [];
  for (const answer of answers) {
    if (!saysNothing(answer.value)) values.push(answer);
    else if (runs.at(-1) === answer.id - 1) runs[runs.length - 1] = answer.id;
    else runs.push(answer.id, answer.id);
  }
  return { nothing: JSON.stringify(runs), values };
}

export function unpackAnswers({ nothing, values }: PackedAnswers): readonly Answer[] {
  const runs = JSON.parse(nothing) as readonly number[]; // from our own supervisor
  const answers: Answer[] = [];
  for (let at = 0; at < runs.length; at += 2) {
    for (let id = runs[at]!; id <= runs[at + 1]!; id++) answers.push({ id, value: undefined });
  }
  return answers.concat(values);
}

/** What is sent of a message. Of nearly all that is one text, which costs a process less to write and to read than an object around it. */
export function sentByWorker(message: FromWorker): FromWorker | string {
  return message.kind === 'asks' && message.asks.rich.length === 0 ? message.asks.plain : message;
}

export function receivedFromWorker(sent: FromWorker | string): FromWorker {
  return typeof sent === 'string' ? { kind: 'asks', asks: { plain: sent, rich: [] } } : sent;
}

export function sentToWorker(message: ToWorker): ToWorker | string {
  return message.kind === 'answers' && message.answers.values.length === 0 ? message.answers.nothing : message;
}

export function receivedByWorker(sent: ToWorker | string): ToWorker {
  return typeof sent === 'string' ? { kind: 'answers', answers: { nothing: sent, values: [] } } : sent;
}

function saysNothing(value: Answer['value']): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0);
}
