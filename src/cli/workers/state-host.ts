import { compactConversation, expandConversation } from '../../services/conversation-store.ts';
import type { LocalCallerState } from '../caller-state.ts';
import type { CounterHub } from './counter-hub.ts';
import type { Answer, Ask } from './messages.ts';

export interface StateHostOptions {
  readonly state: LocalCallerState;
  /** What workers have counted of calls of tools. */
  readonly hub: CounterHub;
  /** A question that failed: a bug of ours. It gets no answer, and the worker goes on as if nothing were known. */
  readonly onError: (error: unknown, call: Ask['call']) => void;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Keeps what all workers have in common: asked in the order in which questions arrive, so that it is as exact as one process is. */
export interface StateHost {
  /** `worker`: one process, not one number: who comes after it begins its counts anew. */
  answer(worker: string, asks: readonly Ask[]): readonly Answer[];
}

export function createStateHost({ state, hub, onError, now }: StateHostOptions): StateHost {
  const { conversations, vault, book } = state;

  function answerTo(worker: string, { call, body }: Ask): Answer['value'] {
    switch (call) {
      case 'admit':
        return book.admitFor(body);
      case 'admitted':
        return book.admitted(body, body.requests);
      case 'observe':
        return book.observe(body);
      case 'findConversation': {
        const found = conversations.find(body.owner, body.sessions, body.nowMs);
        return found && compactConversation(found);
      }
      case 'keepConversation':
        conversations.keep(body.owner, body.sessions, expandConversation(body.state), body.nowMs);
        return undefined;
      case 'recallTokens':
        return vault.get(body.scope, body.nowMs);
      case 'keepTokens':
        vault.put(body.scope, body.values, body.nowMs);
        return undefined;
      case 'count':
        return hub.merge(worker, body, now());
    }
  }

  return {
    answer(worker, asks) {
      const answers: Answer[] = [];
      for (const ask of asks) {
        try {
          answers.push({ id: ask.id, value: answerTo(worker, ask) });
        } catch (error) {
          onError(error, ask.call);
        }
      }
      return answers;
    },
  };
}
