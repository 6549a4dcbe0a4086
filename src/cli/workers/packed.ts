import type { Answer, Ask, StateCall } from './messages.ts';

/*
 * Questions and answers as they cross between two processes. Nearly all questions are about callers, and nearly all answers say nothing:
 * JSON costs half of what a structured clone does, and an id next to nothing.
 */

export interface PackedAsks {
  /** JSON of those that JSON can carry. */
  readonly plain: string;
  /** Those with maps, sets and arrays of numbers. */
  readonly rich: readonly Ask[];
}

export interface PackedAnswers {
  /** Questions to which the answer is `NOTHING`. */
  readonly nothing: readonly number[];
  readonly values: readonly Answer[];
}

/** Each kind keeps its order; plain questions and rich ones are about different things. */
export function packAsks(asks: readonly Ask[]): PackedAsks {
  const rich = asks.filter(({ call }) => !IS_PLAIN[call]);
  return { plain: JSON.stringify(rich.length === 0 ? asks : asks.filter(({ call }) => IS_PLAIN[call])), rich };
}

/** Throws for what `packAsks` has not made. */
export function unpackAsks({ plain, rich }: PackedAsks): readonly Ask[] {
  const asks = JSON.parse(plain) as readonly Ask[]; // from our own worker, whose types these are
  return rich.length === 0 ? asks : [...asks, ...rich];
}

export function packAnswers(answers: readonly Answer[]): PackedAnswers {
  const nothing: number[] = [];
  const values: Answer[] = [];
  for (const answer of answers) {
    if (saysNothing(answer.value)) nothing.push(answer.id);
    else values.push(answer);
  }
  return { nothing, values };
}

export function unpackAnswers({ nothing, values }: PackedAnswers): readonly Answer[] {
  return [...nothing.map((id) => ({ id, value: undefined })), ...values];
}

function saysNothing(value: Answer['value']): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0);
}

const IS_PLAIN = {
  admit: true,
  observe: true,
  count: true,
  findConversation: false,
  keepConversation: false,
  recallTokens: false,
  keepTokens: false,
} as const satisfies Record<StateCall, boolean>;
