import { useEffect, useState } from 'preact/hooks';
import { ask, type Problem } from './api.ts';
import { onNews } from './news.ts';

/** What a view has of one path of the API. With `problem` a `ready` one is stale: it could not be asked again. */
export type Answer<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'ready'; readonly value: T; readonly atMs: number; readonly problem?: Problem };

/** Answers that were seen, so that going back to a view shows it at once. The oldest leaves. */
const seen = new Map<string, Answer<unknown>>();
const SEEN_MAX = 60;

function remember(path: string, answer: Answer<unknown>): void {
  seen.delete(path);
  seen.set(path, answer);
  const oldest = seen.keys().next();
  if (seen.size > SEEN_MAX && oldest.done !== true) seen.delete(oldest.value);
}

/** Asks a path of the API now, whenever it changes, and whenever there is news; until the first answer what was seen last time. */
export function useAnswer<T>(path: string): Answer<T> {
  const [held, setHeld] = useState<{ readonly path: string; readonly answer: Answer<T> }>();
  useEffect(() => {
    const abort = new AbortController();
    const load = async (): Promise<void> => {
      const outcome = await ask<T>(path, { signal: abort.signal });
      if (abort.signal.aborted) return;
      const before = seen.get(path) as Answer<T> | undefined; // written below, for this path only
      const answer = answerOf(outcome.ok ? { value: outcome.value } : { problem: outcome.problem }, before);
      remember(path, answer);
      setHeld({ path, answer });
    };
    void load();
    const quiet = onNews(() => void load());
    return () => {
      abort.abort();
      quiet();
    };
  }, [path]);
  if (held?.path === path) return held.answer;
  return (seen.get(path) as Answer<T> | undefined) ?? held?.answer ?? { kind: 'loading' };
}

function answerOf<T>(outcome: { readonly value: T } | { readonly problem: Problem }, before: Answer<T> | undefined): Answer<T> {
  if ('value' in outcome) return { kind: 'ready', value: outcome.value, atMs: Date.now() };
  return before?.kind === 'ready' ? { ...before, problem: outcome.problem } : { kind: 'failed', problem: outcome.problem };
}
