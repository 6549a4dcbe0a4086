import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/policy/policy.ts';
import { compareOutcomes, type Differences, isEqual } from '../../src/replay/diff.ts';
import { createPlaceholders } from '../../src/replay/placeholders.ts';
import { type Recording, readRecordings } from '../../src/replay/recording.ts';
import { catalogueEngine } from '../../src/replay/redaction.ts';
import { replayEvents } from '../../src/replay/replay.ts';
import { BALANCED, CONVERSATIONS, DENY_CARDS, OBSERVE, recordingText } from './conversations.ts';

const PLACEHOLDERS = createPlaceholders(catalogueEngine());

async function* linesOf(text: string): AsyncGenerator<string> {
  yield* text.split('\n');
}

async function read(text: string): Promise<readonly Recording[]> {
  const found: Recording[] = [];
  for await (const recording of readRecordings(linesOf(text))) found.push(recording);
  return found;
}

async function replayed(text: string, policy: Policy): Promise<Differences> {
  const [recording] = await read(text);
  const { header, steps, broken } = recording!;
  expect(broken).toBeUndefined();
  const events = steps.map(({ event }) => event);
  return compareOutcomes(steps, replayEvents(events, header!, { policy, placeholders: header!.redacted ? PLACEHOLDERS : undefined }));
}

const NONE: Differences = { ending: undefined, findings: { gone: [], added: [] }, bodies: [], record: [], steps: undefined };
const FORMS = ['raw', 'redacted'] as const;
const named = (name: string) => CONVERSATIONS.find((one) => one.name === name)!.events;

describe('a recording replayed under its own policy is equal', () => {
  test.each(
    CONVERSATIONS.flatMap(({ name, events }) =>
      FORMS.flatMap((form) => [BALANCED, OBSERVE].map((policy) => ({ name, events, form, policy, mode: policy.mode }))),
    ),
  )('$name, $form, $mode', async ({ events, form, policy }) => {
    expect(await replayed(recordingText(events, policy, form), policy)).toEqual(NONE);
  });
});

test.each(FORMS)('is the same exchange again: traced by Envoy, opened by a process that has no room (%s)', async (form) => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const text = recordingText(named('a clean answer'), BALANCED, form, { traceparent, tracestate: 'x=1', overloaded: true });
  expect(text).toContain(traceparent);
  expect(text).toContain('process-limit');
  expect(await replayed(text, BALANCED)).toEqual(NONE);
});

describe('a redacted recording ends as the exchange did', () => {
  test.each(CONVERSATIONS)('$name', async ({ events }) => {
    const [raw] = await read(recordingText(events, BALANCED, 'raw'));
    const [redacted] = await read(recordingText(events, BALANCED, 'redacted'));
    expect(endingOf(redacted!)).toEqual(endingOf(raw!));
    expect(redacted!.header!.live).toEqual(raw!.header!.live);
  });

  const endingOf = ({ steps }: Recording) =>
    steps.flatMap(({ outcome }) =>
      'threw' in outcome
        ? ['threw']
        : outcome.effects.flatMap((effect) =>
            effect.kind === 'record'
              ? [
                  effect.record.verdict,
                  effect.record.outcome,
                  ...effect.record.findings.map(({ detector, lane, taken }) => `${detector} ${lane} ${taken}`),
                ]
              : [],
          ),
    );
});

describe('a replay under another policy', () => {
  test.each(FORMS)('shows the answer, the findings and the bytes that change (%s)', async (form) => {
    const found = await replayed(recordingText(named('a card and a key in a question'), BALANCED, form), DENY_CARDS);
    expect(isEqual(found)).toBe(false);
    expect(found.ending).toEqual({
      recorded: { outcome: 'completed', status: 200, verdict: 'redact' },
      replayed: { outcome: 'denied', status: 403, verdict: 'deny' },
    });
    expect(found.findings.gone.map(({ detector, action }) => [detector, action])).toEqual([
      ['pii.card', 'redact'],
      ['secret.aws-access-key', 'redact'],
    ]);
    expect(found.findings.added.map(({ detector, action }) => [detector, action])).toEqual([['pii.card', 'deny']]);
    expect(found.bodies.map(({ direction }) => direction)).toEqual(['request', 'response']);
    expect(found.steps).toEqual({ first: 2, count: 4 });
  });

  test('is equal where the policy makes no difference', async () => {
    expect(await replayed(recordingText(named('a clean answer'), BALANCED, 'redacted'), DENY_CARDS)).toEqual(NONE);
  });

  test('that only observes lets pass what was redacted', async () => {
    const found = await replayed(recordingText(named('a card over the events of a stream'), BALANCED, 'raw'), OBSERVE);
    expect(found.ending?.replayed).toEqual({ outcome: 'completed', status: 200, verdict: 'flag' });
    const [body] = found.bodies;
    expect(body!.recorded.toString()).toContain('[REDACTED:pii.card]');
    expect(body!.replayed.toString()).not.toContain('[REDACTED:');
    expect(found.record).toEqual(['mode']);
  });
});

describe('a stream of recordings', () => {
  const clean = recordingText(named('a clean answer'), BALANCED, 'raw');
  const lines = clean.trimEnd().split('\n');

  test('is read one after the other', async () => {
    expect((await read(clean + clean)).map(({ steps, broken }) => ({ steps: steps.length, broken }))).toEqual([
      { steps: 6, broken: undefined },
      { steps: 6, broken: undefined },
    ]);
  });

  test.each([
    ['a line that is not JSON', lines.with(3, '{"event":'), { line: 4, reason: 'not JSON' }, 1],
    ['effects that are missing', lines.toSpliced(4, 1), { line: 5, reason: 'an event where the effects of the one before were due' }, 1],
    ['an event that is missing', lines.toSpliced(3, 1), { line: 4, reason: 'effects without an event' }, 1],
    ['an end that is cut off', lines.slice(0, -1), { line: 13, reason: 'the effects of the last event are missing' }, 5],
  ])('names the line of %s and goes on with the next recording', async (_, broken, where, steps) => {
    const found = await read(`${broken.join('\n')}\n${clean}`);
    expect(found.map((one) => ({ steps: one.steps.length, broken: one.broken }))).toEqual([
      { steps, broken: where },
      { steps: 6, broken: undefined },
    ]);
  });

  test('that has no header says so once', async () => {
    expect(await read(lines.slice(1).join('\n'))).toEqual([
      { header: undefined, steps: [], broken: { line: 1, reason: 'a recording begins with its header' } },
    ]);
  });
});
