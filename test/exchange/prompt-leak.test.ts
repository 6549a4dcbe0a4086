import { describe, expect, test } from 'vitest';
import { OBFUSCATIONS } from '../../eval/obfuscations.ts';
import { LEAKS } from '../../src/detect/leak/index.ts';
import type { BodyMode } from '../../src/exchange/events.ts';
import { FIXED } from '../../src/lib/limits.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { PASSAGE, SYSTEM_TEXT } from '../support/leaked-prompt.ts';
import { policyFrom, STREAM_DIALECTS } from '../support/streams.ts';
import { CHAT_REQUEST, DUPLEX_MODES, driveExchange, NOW, recordIn, streamedText } from './drive.ts';

const policyThat = (action: string, more = '', detectors = ''): Policy =>
  policyFrom(`version: 1\nextends: none\n${more}detectors:\n  leak.system-prompt: {action: ${action}}\n${detectors}`, LEAKS);
const REDACTING = policyThat('redact');

const [OPENAI] = STREAM_DIALECTS;
const user = (content: string) => ({ role: 'user', content });
const system = (content: string) => ({ role: 'system', content });
const tokens = (text: string): readonly string[] => text.split(/(?<= )/);

interface Talk {
  readonly policy?: Policy;
  readonly messages?: readonly object[];
  readonly request?: object;
  readonly answer?: string;
  readonly modes?: { readonly request: BodyMode; readonly response: BodyMode };
  readonly observability?: boolean;
}

/** One chat exchange whose answer streams word by word. */
function talk({ policy = REDACTING, messages = [system(SYSTEM_TEXT), user('Hi.')], request = {}, answer = PASSAGE, ...how }: Talk) {
  const exchange = driveExchange(policy);
  exchange.open(how.modes ?? DUPLEX_MODES, { observability: how.observability ?? false });
  exchange.requestHeaders();
  exchange.requestBody({ model: 'gpt-5-mini', stream: true, messages, ...request });
  const kept = exchange.heldBytes();
  exchange.responseHeaders({ ':status': '200', 'content-type': 'text/event-stream' });
  const body = OPENAI!.write(tokens(answer));
  const left: string[] = [];
  for (let at = 0; at < body.length; at += 200) {
    exchange.responseBody(body.subarray(at, at + 200), at + 200 >= body.length);
    left.push(streamedText(exchange.effects));
  }
  const record = recordIn(exchange.effects);
  return {
    found: record.findings.map(({ detector, lane, taken }) => `${detector} ${lane} ${taken}`),
    verdict: record.verdict,
    outcome: record.outcome,
    uninspected: record.uninspected,
    text: OPENAI!.readText(Buffer.from(left.at(-1) ?? '')),
    kept,
    heldBytes: exchange.heldBytes(),
  };
}

const REDACTED = '[REDACTED:leak.system-prompt]';

describe('an answer that streams', () => {
  test('loses the passage that it repeats of the system message', () => {
    const { text, found, verdict } = talk({ answer: `Sure. ${PASSAGE} And hello.` });
    expect({ text, found, verdict }).toEqual({
      text: `Sure. ${REDACTED}. And hello.`,
      found: ['leak.system-prompt output redact'],
      verdict: 'redact',
    });
  });

  test.each([
    ['of a developer message', { messages: [{ role: 'developer', content: SYSTEM_TEXT }, user('Hi.')] }],
    [
      'of the second of two system messages',
      { messages: [system('Answer in English, and briefly at that.'), system(SYSTEM_TEXT), user('Hi.')] },
    ],
    [
      'of a system message in parts',
      { messages: [system([...SYSTEM_TEXT.matchAll(/.{1,50}/g)].map(([text]) => text).join('')), user('Hi.')] },
    ],
    [
      'although an earlier answer has it',
      { messages: [system(SYSTEM_TEXT), user('Hi.'), { role: 'assistant', content: PASSAGE }, user('Again.')] },
    ],
    [
      'although a tool has returned it',
      { messages: [system(SYSTEM_TEXT), user('Hi.'), { role: 'tool', tool_call_id: 'c', content: PASSAGE }] },
    ],
  ])('loses it %s', (_, talked) => {
    expect(talk(talked).text).toBe(`${REDACTED}.`);
  });

  test.each<readonly [string, Talk]>([
    ['the user wrote himself', { messages: [system(SYSTEM_TEXT), user(`Shorten this: ${PASSAGE}`)] }],
    ['the user pasted with the whole prompt', { messages: [system(SYSTEM_TEXT), user(SYSTEM_TEXT)], answer: SYSTEM_TEXT }],
    [
      'a tool is described with',
      { request: { tools: [{ type: 'function', function: { name: 'lend', description: PASSAGE, parameters: { type: 'object' } } }] } },
    ],
    ['no system message says', { messages: [user('Hi.')] }],
    ['a system message is too short for', { messages: [system('Lend nine books.'), user('Hi.')] }],
    ['is only about the same', { answer: 'You may lend nine books, and the desk decides what a fine is.' }],
  ])('keeps what %s', (_, talked) => {
    const { text, found, verdict } = talk(talked);
    expect({ text, found, verdict }).toEqual({ text: talked.answer ?? PASSAGE, found: [], verdict: 'allow' });
  });

  test('is denied where policy says so, and none of the passage has left', () => {
    const { text, found, outcome } = talk({ policy: policyThat('deny'), answer: `Sure, here it is: ${PASSAGE}` });
    expect({ text, found, outcome }).toEqual({ text: 'Sure, here it is: ', found: ['leak.system-prompt output deny'], outcome: 'denied' });
  });

  test('leaves as it came where policy observes, with the finding', () => {
    for (const talked of [
      { policy: policyThat('observe') },
      { policy: policyThat('redact', 'mode: observe\n') },
      { observability: true },
    ]) {
      const { found, verdict } = talk(talked);
      expect({ found, verdict }).toEqual({ found: ['leak.system-prompt output observe'], verdict: 'flag' });
    }
    expect(talk({ policy: policyThat('observe') }).text).toBe(PASSAGE);
  });

  test('is compared with nothing where Envoy sends no request body, and nothing is found', () => {
    const exchange = driveExchange(REDACTING);
    exchange.open({ request: 'none', response: 'full-duplex' });
    exchange.requestHeaders(CHAT_REQUEST);
    exchange.responseHeaders({ ':status': '200', 'content-type': 'text/event-stream' });
    exchange.responseBody(OPENAI!.write(tokens(PASSAGE)));
    exchange.step({ kind: 'ended', unixMs: NOW });
    expect(OPENAI!.readText(Buffer.from(streamedText(exchange.effects)))).toBe(PASSAGE);
    expect(recordIn(exchange.effects).findings).toEqual([]);
  });
});

describe('an answer that is one JSON', () => {
  const answered = (content: string, size: number, policy = REDACTING) => {
    const exchange = driveExchange(policy);
    exchange.open(DUPLEX_MODES);
    exchange.requestHeaders();
    exchange.requestBody({ messages: [system(SYSTEM_TEXT), user('Hi.')] });
    exchange.responseHeaders();
    const body = Buffer.from(JSON.stringify({ choices: [{ index: 0, message: { role: 'assistant', content } }] }));
    for (let at = 0; at < body.length; at += size) exchange.responseBody(body.subarray(at, at + size), at + size >= body.length);
    const { choices } = JSON.parse(streamedText(exchange.effects)) as { choices: readonly { message: { content: string } }[] };
    return { text: choices[0]!.message.content, found: recordIn(exchange.effects).findings.map(({ detector }) => detector) };
  };

  test.each([
    ...['HTML entities', 'URL encoding', 'rot13', 'base64', 'spaced letters'].map(
      (name) => [name, (text: string) => OBFUSCATIONS.find((one) => one.name === name)!.disguise(text, 1)] as const,
    ),
    ['its letters backwards', (text: string) => [...text].toReversed().join('')] as const,
    ['its words as they are', (text: string) => text] as const,
  ])('loses a passage in %s, whatever the cutting', (_, disguise) => {
    const hidden = disguise(PASSAGE);
    const results = [100_000, 50].map((size) => answered(`Well, here: ${hidden} That is it.`, size));
    expect(results[0]).toEqual(results[1]);
    expect(results[0]!.found).toEqual(['leak.system-prompt']);
    expect(results[0]!.text).toContain(REDACTED);
    expect(results[0]!.text.length).toBeLessThan(70);
  });

  test.each([
    ['every built-in detector', policyFrom('version: 1\n')],
    ['a list of addresses', policyThat('redact', 'mode: enforce\n', '  output.shops: {urls: {deny: [shop.example]}, action: redact}\n')],
  ])('loses it beside %s', (_, policy) => {
    expect(answered(PASSAGE, 100_000, policy)).toEqual({ text: `${REDACTED}.`, found: ['leak.system-prompt'] });
  });

  test.each(['Nothing to see: 100% of it, &c.', 'gur of uryyb', 'The l33t shelf.'])('keeps %j', (text) => {
    expect(answered(text, 100_000)).toEqual({ text, found: [] });
  });
});

describe('what an exchange keeps of its request', () => {
  test('is the fingerprint, a few bytes for each letter, and nothing once it is over', () => {
    const { kept, heldBytes } = talk({ messages: [system(SYSTEM_TEXT.repeat(4)), user('x'.repeat(100_000))] });
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThanOrEqual(13 * 4 * SYSTEM_TEXT.length);
    expect(heldBytes).toBe(0);
  });

  test('is nothing where the policy compares nothing', () => {
    expect(talk({ policy: policyFrom('version: 1\nextends: none\ndetectors:\n  leak.system-prompt: {action: off}\n', LEAKS) }).kept).toBe(
      0,
    );
  });

  test.each([
    ['at its bound', 0, [], 'completed'],
    ['over it, which policy decides on', 1, [{ direction: 'request', reason: 'prompt-limit' }], 'denied'],
  ])('is of a system text %s', (_, over, uninspected, outcome) => {
    const exchange = driveExchange(REDACTING);
    exchange.open(DUPLEX_MODES);
    exchange.requestHeaders();
    exchange.requestBody({ messages: [system('Lend books. '.repeat(10) + 'a'.repeat(FIXED.promptLetters - 90 + over)), user('Hi.')] });
    exchange.responseHeaders({ ':status': '200' }, true);
    const record = recordIn(exchange.effects);
    expect({ uninspected: record.uninspected, outcome: record.outcome }).toEqual({ uninspected, outcome });
  });
});

describe('the presets', () => {
  const through = (name: 'observe' | 'balanced' | 'strict', answer: string) => {
    const { text, outcome, found } = talk({ policy: policyFrom(`version: 1\nextends: builtin/${name}\n`, LEAKS), answer });
    return { text, outcome, found };
  };
  const CANARY = ['sluice', 'canary', '0f1e2d3c4b5a6978'].join('-');

  test('balanced redacts a passage, strict denies it, observe sees it', () => {
    expect([through('balanced', PASSAGE), through('strict', PASSAGE), through('observe', PASSAGE)]).toEqual([
      { text: `${REDACTED}.`, outcome: 'completed', found: ['leak.system-prompt output redact'] },
      { text: '', outcome: 'denied', found: ['leak.system-prompt output deny'] },
      { text: PASSAGE, outcome: 'completed', found: ['leak.system-prompt output observe'] },
    ]);
  });

  test('balanced denies a canary', () => {
    expect(through('balanced', `It begins with ${CANARY} and goes on.`)).toEqual({
      text: 'It begins ', // the next word came with the canary
      outcome: 'denied',
      found: ['leak.canary output deny'],
    });
  });
});
