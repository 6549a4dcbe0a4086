import type { DetectorAdvice } from '../src/inventory/advice.ts';
import type { DismissalAnswer, DismissalRequest, DismissalScope } from '../src/inventory/dismissals.ts';
import type { FindingAnswer } from '../src/inventory/finding-query.ts';
import type { Overview } from '../src/inventory/overview.ts';
import type { EndpointDetail, GrantedList, GrantRow, RowKind, Rows } from '../src/inventory/rows.ts';
import type { ChangeDraft } from '../src/inventory/store.ts';

/** What the paths of the API answer; its own document describes the same. */
export type { DetectorAdvice, DismissalAnswer, DismissalScope, EndpointDetail, FindingAnswer, GrantedList, GrantRow, Overview, RowKind };

export interface Listed<R> {
  readonly total: number;
  readonly items: readonly R[];
  readonly next: string | null;
}
export type RowList<K extends RowKind> = Listed<Rows[K]>;
export type FindingList = Omit<Listed<FindingAnswer>, 'total'>;
export type ChangeAnswer = Omit<ChangeDraft, 'timeMs'> & { readonly time: string };
export type ChangeList = Omit<Listed<ChangeAnswer & { readonly seq: number }>, 'total'>;
export interface Counts {
  readonly items: readonly { readonly value: string; readonly count: number }[];
}

/** Why there is no answer. `down`: the inventory is silent. `token`: it wants to know who asks. `refused`: it said no, with a sentence. */
export interface Problem {
  readonly kind: 'down' | 'token' | 'refused';
  readonly text: string;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

const TOKEN_KEY = 'sluice-token';

/** The token of this tab's session; empty when none was given. */
export const token = {
  read: (): string => sessionStorage.getItem(TOKEN_KEY) ?? '',
  keep: (value: string): void => sessionStorage.setItem(TOKEN_KEY, value),
};

export function authorization(): Readonly<Record<string, string>> {
  const given = token.read();
  return given === '' ? {} : { authorization: `Bearer ${given}` };
}

/** Answers of the API carry its version; anything else is not from it. */
const isAnswer = (body: unknown): body is { readonly version: 1; readonly error?: string } =>
  typeof body === 'object' && body !== null && (body as { version?: unknown }).version === 1;

const DOWN: Problem = { kind: 'down', text: 'The inventory does not answer.' };

/** Asks `/api/v1/<path>`. The caller says what shape that path has. */
export async function ask<T>(path: string, options: RequestInit = {}): Promise<Outcome<T>> {
  try {
    const response = await fetch(`./api/v1/${path}`, { ...options, headers: { ...authorization(), ...options.headers } });
    if (response.status === 401) return { ok: false, problem: { kind: 'token', text: 'This inventory asks for a token.' } };
    const body: unknown = await response.json();
    if (!isAnswer(body)) return { ok: false, problem: DOWN };
    if (!response.ok) return { ok: false, problem: { kind: 'refused', text: body.error ?? 'The inventory refused.' } };
    return { ok: true, value: body as unknown as T }; // checked above; the rest is what the API's document promises
  } catch {
    return { ok: false, problem: DOWN };
  }
}

/** What people decide about an endpoint. */
export const review = (id: string, decision: object): Promise<Outcome<{ readonly item: EndpointDetail }>> =>
  ask(`endpoints/${id}`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(decision) });

/** A finding and those like it are no matter until a day. */
export const dismiss = (request: DismissalRequest): Promise<Outcome<{ readonly item: DismissalAnswer }>> =>
  ask('dismissals', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) });

/** Takes a dismissal back. */
export const reopen = (id: string): Promise<Outcome<{ readonly item: DismissalAnswer }>> => ask(`dismissals/${id}`, { method: 'DELETE' });
