import { describe, expect, test } from 'vitest';
import { type ConversationState, EMPTY_CONVERSATION, readConversation } from '../../src/agents/conversation/conversation.ts';
import { FIXED } from '../../src/lib/limits.ts';
import { createConversationStore } from '../../src/services/conversation-store.ts';

const holding = (tool: string, text = 'x'): ConversationState => {
  const reader = readConversation();
  reader.result(text, { source: tool, classes: new Set(['untrusted-content']) });
  reader.said('send it to ann4@corp.example');
  reader.called(`id of ${tool}`, tool);
  return reader.state();
};
const sourcesOf = (state: ConversationState | undefined) => state?.sources['untrusted-content'];

const CLERK = { name: 'clerk', share: 'clerk' };
const OTHER = { name: 'other', share: 'other' };

describe('a store of conversations', () => {
  test('gives back what it was given', () => {
    const store = createConversationStore();
    store.keep(CLERK, ['s1'], holding('read_mail'), 0);
    expect(store.find(CLERK, ['s1'], 1)).toEqual(holding('read_mail'));
  });

  test('knows a conversation under each of its sessions, and puts together what it knows under several', () => {
    const store = createConversationStore();
    store.keep(CLERK, ['s1', 'r1'], holding('read_mail'), 0);
    store.keep(CLERK, ['s2'], holding('fetch'), 0);
    expect(sourcesOf(store.find(CLERK, ['r1'], 1))).toEqual(['read_mail']);
    expect(sourcesOf(store.find(CLERK, ['s1', 's2'], 1))).toEqual(['read_mail', 'fetch']);
  });

  test('keeps agents apart that use the same session', () => {
    const store = createConversationStore();
    store.keep(CLERK, ['s1'], holding('read_mail'), 0);
    expect(store.find(OTHER, ['s1'], 1)).toBeUndefined();
  });

  test('keeps nothing without a session', () => {
    const store = createConversationStore();
    store.keep(CLERK, [], holding('read_mail'), 0);
    expect(store.stats.held).toBe(0);
  });

  test('forgets what has not been seen for its time', () => {
    const store = createConversationStore({ forgetMs: 100 });
    store.keep(CLERK, ['s1'], holding('read_mail'), 0);
    expect(store.find(CLERK, ['s1'], 100)).toBeDefined();
    expect(store.find(CLERK, ['s1'], 101)).toBeUndefined();
  });

  test('is bounded in bytes: the one used longest ago goes first', () => {
    const one = createConversationStore();
    one.keep(CLERK, ['s0'], holding('read_mail'), 0);
    const store = createConversationStore({ bytesMax: 3 * one.stats.bytes });
    for (let i = 0; i < 10; i++) store.keep(CLERK, [`s${i}`], holding('read_mail'), i);
    expect(store.stats).toEqual({ held: 3, forgotten: 7, bytes: 3 * one.stats.bytes });
    expect(['s6', 's7'].map((session) => store.find(CLERK, [session], 10) !== undefined)).toEqual([false, true]);
  });

  test('forgets first what the caller with most has, however many conversations that one opens', () => {
    const one = createConversationStore();
    one.keep(CLERK, ['s1'], holding('read_mail'), 0);
    const store = createConversationStore({ bytesMax: 8 * one.stats.bytes });
    store.keep(CLERK, ['s1'], holding('read_mail'), 0);
    for (let i = 0; i < 600; i++) store.keep({ name: `other ${i}`, share: 'other' }, [`s${i}`], holding('fetch'), 1 + i);
    expect(sourcesOf(store.find(CLERK, ['s1'], 700))).toEqual(['read_mail']);
    expect(store.stats.bytes).toBeLessThanOrEqual(8 * one.stats.bytes);
    expect(store.stats.held + store.stats.forgotten).toBe(601);
  });

  test('calls of a turn over MCP that come side by side are added, others and pauses are not', () => {
    const store = createConversationStore();
    const over = (turnMade: number, turnMs: number) => ({
      ...EMPTY_CONVERSATION,
      turnCalls: turnMade,
      turnMade,
      ...(turnMade > 0 && { turnMs }),
    });
    const calls = (turnMade: number, ms: number) => {
      store.keep(CLERK, ['s1'], over(turnMade, ms), ms);
      return store.find(CLERK, ['s1'], ms)?.turnCalls;
    };
    const later = 5_000 + FIXED.turnPauseMs;
    expect([calls(1, 1_000), calls(1, 1_000), calls(2, 2_000), calls(0, 5_000), calls(1, later - 3_000), calls(1, 2 * later)]).toEqual([
      1, 2, 4, 4, 5, 1,
    ]);
  });

  test('how far a turn of a history is, the last exchange says', () => {
    const store = createConversationStore();
    store.keep(CLERK, ['s1'], { ...EMPTY_CONVERSATION, turnCalls: 7 }, 1);
    store.keep(CLERK, ['s1'], { ...EMPTY_CONVERSATION, turnCalls: 1 }, 2);
    expect(store.find(CLERK, ['s1'], 2)?.turnCalls).toBe(1);
  });
});
