import { expect, test } from 'vitest';
import type { Header } from '../../src/exchange/events.ts';
import { smallPolicy } from '../support/streams.ts';
import { playTokens, tokensIn } from '../support/token-exchange.ts';
import { CASES } from './cases.ts';
import type { DialectCase, Slot } from './dialect-case.ts';
import { fill, ownSlots, slotsWith } from './playing.ts';

const POLICY = smallPolicy('version: 1\nmode: enforce\ndetectors:\n  pii.email: {action: tokenize}\n');
const EMAIL = 'anna@example.org';

/** How a model writes what it was given. */
const SPELLINGS = {
  'as it is': (said: string): string => `Dear ${said}, hello.`,
  'in lower case': (said: string): string => `Dear ${said.toLowerCase()}, hello.`,
  'in bold': (said: string): string => `Dear **${said}**, hello.`,
  'in italics': (said: string): string => `Dear _${said}_, hello.`,
} as const;

interface Pair {
  readonly name: string;
  readonly asks: DialectCase;
  readonly user: Slot;
  readonly answers: DialectCase;
  readonly output: Slot;
}

/** Every shape of answer with an output, behind a request of its dialect with a user's text. */
const PAIRS: readonly Pair[] = CASES.filter(({ direction }) => direction === 'response').flatMap((answers) => {
  const output = ownSlots(answers).find(({ lane }) => lane === 'output');
  const all = CASES.filter((one) => one.direction === 'request' && one.format === answers.format && hasUser(one));
  const asks = all.find(({ head }) => head.path === answers.head.path) ?? all[0];
  const user = asks && ownSlots(asks).find(({ lane }) => lane === 'user');
  return output === undefined || asks === undefined || user === undefined
    ? []
    : [{ name: `${answers.format}: ${answers.name}`, asks, user, answers, output }];
});

function hasUser(one: DialectCase): boolean {
  return ownSlots(one).some(({ lane }) => lane === 'user');
}

function play({ asks, user, answers, output }: Pair, spell: (said: string) => string, piece: number) {
  const headers = Object.entries({ ...answers.head.headers, ...asks.head.headers }).filter(([name]) => name !== 'content-type') as Header[];
  return playTokens({
    policy: POLICY,
    path: answers.head.path,
    headers,
    requestType: asks.contentType,
    request: asks.write(fill(asks, { slot: user.name, pieces: [`I am ${EMAIL}.`] })),
    answer: (sent) => answers.write(fill(answers, { slot: output.name, pieces: piecesOf(spell(tokensIn(sent)[0] ?? 'nothing'), output) })),
    answerType: answers.contentType,
    piece,
  });
}

const piecesOf = (text: string, { pieces }: Slot): readonly string[] => (pieces === true ? (text.match(/.{1,6}/gs) ?? []) : [text]);

test('the grid has every dialect in which a user says something and a model answers', () => {
  expect(PAIRS).toHaveLength(70);
  expect([...new Set(PAIRS.map(({ answers }) => answers.format))].sort()).toMatchInlineSnapshot(`
    [
      "a2a",
      "anthropic-complete",
      "anthropic-messages",
      "bedrock-converse",
      "bedrock-invoke",
      "cohere",
      "cohere-v1",
      "gemini",
      "generic",
      "graphql",
      "json-rpc",
      "mcp",
      "ollama",
      "openai-audio",
      "openai-chat",
      "openai-completions",
      "openai-embeddings",
      "openai-images",
      "openai-moderations",
      "openai-responses",
    ]
  `);
});

test.each(PAIRS.map((pair) => [pair.name, pair] as const))('%s: the caller sees the value, the provider a token', (_, pair) => {
  const wrong = Object.entries(SPELLINGS).flatMap(([name, spell]) =>
    [1_000_000, 100].flatMap((piece) => {
      const { sent, gotBytes } = play(pair, spell, piece);
      const read = pair.answers.read(gotBytes);
      const shown = slotsWith(pair.answers, pair.output.name).map((slot) => read.get(slot.name));
      const isRight = !sent.includes(EMAIL) && shown.every((text) => text === spell(EMAIL));
      return isRight ? [] : [`${name}, ${piece}: ${JSON.stringify(shown)}`];
    }),
  );
  expect(wrong).toEqual([]);
});
