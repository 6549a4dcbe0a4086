import type { Direction } from '../text/lane.ts';
import type { BodyShape } from './body-shape.ts';

/** What the inventory learns of the bodies of one exchange, beside what telemetry says of each: filled while they are read. */
export interface Learning {
  /** One of the sample: the fields of its bodies, and the tools it declares to a model. Else only the tools that a server lists. */
  readonly isSampled: boolean;
  /** Of a direction whose body is one JSON document of no dialect: what a dialect looks like is known. */
  readonly shapes: Partial<Record<Direction, BodyShape>>;
  /** SHA-256, hex, of the definitions of tools, by name; of a name that is declared twice the last one. */
  readonly tools: Map<string, string>;
}

/** Tools of one exchange that are learned; so many names of them are sent. */
export const LEARNED_TOOLS_MAX = 64;

export const newLearning = (isSampled: boolean): Learning => ({ isSampled, shapes: {}, tools: new Map() });

/** Where fingerprints of a direction's tools go: requests repeat theirs all the time, so that a sample of them is enough. */
export function toolsToLearn(learning: Learning | undefined, direction: Direction): Learning['tools'] | undefined {
  return learning !== undefined && (learning.isSampled || direction === 'response') ? learning.tools : undefined;
}
