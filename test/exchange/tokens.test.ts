import { describe, expect, it, test } from 'vitest';
import { ANONYMOUS, type Identity } from '../../src/agents/identity/identity.ts';
import type { Header } from '../../src/exchange/events.ts';
import { eventLine, outcomeLine } from '../../src/replay/codec.ts';
import { createTokenVault } from '../../src/services/token-vault.ts';
import { smallPolicy } from '../support/streams.ts';
import { keyedCaller, playTokens, type TokenPlay, tokensIn } from '../support/token-exchange.ts';

const POLICY = smallPolicy(`version: 1
mode: enforce
detectors:
  pii.*: {action: tokenize}
`);
const EMAIL = 'anna@example.org';
const CHAT = '/v1/chat/completions';
const ANNA: readonly Header[] = [['authorization', 'Bearer anna']];

const chatAsk = (content: string, more: object = {}): Buffer =>
  Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content }], ...more }));
const chatSays = (content: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      id: 'c',
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    }),
  );
const contentOf = (got: string): string => (JSON.parse(got) as { choices: { message: { content: string } }[] }).choices[0]!.message.content;

const person = (hash: string): Identity => ({ ...ANONYMOUS, persons: [{ hash, from: 'jwt-sub', proven: true }] });

/** One exchange over chat; the answer is what `say` makes of the token that the provider got. */
function chat(say: (token: string) => string, more: Partial<TokenPlay> = {}) {
  const played = playTokens({
    policy: POLICY,
    path: CHAT,
    headers: ANNA,
    request: chatAsk(`I am ${EMAIL}.`),
    answer: (sent) => chatSays(say(tokensIn(sent)[0] ?? 'nothing')),
    ...more,
  });
  return { ...played, token: tokensIn(played.sent)[0] ?? '', text: contentOf(played.got) };
}

describe('a value of the request', () => {
  it('reaches the provider as a token and the client as itself', () => {
    const { sent, text, record } = chat((token) => `Hello ${token}!`);
    expect(JSON.parse(sent)).toMatchObject({ messages: [{ content: expect.stringMatching(/^I am PII_EMAIL_[BCDFGHJKMPQRTVWX]{16}\.$/) }] });
    expect(text).toBe(`Hello ${EMAIL}!`);
    expect(record.verdict).toBe('redact');
    expect(record.findings.map(({ detector, direction, action, taken }) => [detector, direction, action, taken])).toEqual([
      ['pii.email', 'request', 'tokenize', 'tokenize'],
    ]);
  });

  it('has the same token in every exchange of its caller and conversation, and as often as it occurs', () => {
    const twice = playTokens({ policy: POLICY, path: CHAT, headers: ANNA, request: chatAsk(`${EMAIL} or ${EMAIL}`), answer: chatSays });
    expect(new Set([...tokensIn(twice.sent), chat(() => '').token]).size).toBe(1);
    expect(tokensIn(twice.sent)).toHaveLength(2);
  });

  test.each<[string, Partial<TokenPlay>]>([
    ['caller', { headers: [['authorization', 'Bearer ben']] }],
    ['caller without a credential', { headers: [] }],
    ['person', { desk: { identity: person('ben'), vault: createTokenVault() } }],
    ['value', { request: chatAsk('I am ben@example.org.') }],
    ['known caller', { desk: { identity: keyedCaller('1234'), vault: createTokenVault() } }],
  ])('has another token for another %s', (_, more) => {
    expect(chat(() => '', more).token).toMatch(/^PII_EMAIL_/);
    expect(chat(() => '', more).token).not.toBe(chat(() => '', { desk: { identity: person('anna'), vault: createTokenVault() } }).token);
    expect(chat(() => '', more).token).not.toBe(chat(() => '').token);
  });

  it('of another conversation has another token, and of the same the same', () => {
    const of = (conversation: string): string =>
      playTokens({
        policy: POLICY,
        path: '/v1/responses',
        headers: ANNA,
        request: Buffer.from(JSON.stringify({ model: 'm', input: EMAIL, conversation })),
        answer: () => Buffer.from('{}'),
      }).sent;
    const [one, again, other] = ['conv_1', 'conv_1', 'conv_2'].map((name) => tokensIn(of(name))[0]);
    expect(one).toBe(again);
    expect(one).not.toBe(other);
  });

  it('is not touched while observing', () => {
    const policy = smallPolicy('version: 1\nmode: observe\ndetectors:\n  pii.*: {action: tokenize}\n');
    const { sent, record } = playTokens({ policy, path: CHAT, request: chatAsk(EMAIL), answer: () => chatSays('x') });
    expect(sent).toContain(EMAIL);
    expect(record.findings.map(({ action, taken }) => [action, taken])).toEqual([['tokenize', 'observe']]);
  });

  it('that a model says by itself is redacted, and not restored', () => {
    const { text } = chat((token) => `${token} or ben@example.org`);
    expect(text).toBe(`${EMAIL} or [REDACTED:pii.email]`);
  });

  it('leaves no trace in the record', () => {
    const { record, token } = chat((said) => said);
    expect(JSON.stringify(record)).not.toContain(EMAIL);
    expect(JSON.stringify(record)).not.toContain(token.slice(-16));
  });
});

const RESTORED: readonly (readonly [string, (token: string) => string])[] = [
  ['as it is', (token) => token],
  ['in lower case', (token) => token.toLowerCase()],
  ['in mixed case', (token) => token.slice(0, 5).toLowerCase() + token.slice(5)],
  ['in bold', (token) => `**${token}**`],
  ['in italics', (token) => `_${token}_`],
  ['as code', (token) => `\`${token}\``],
  ['with escaped underscores', (token) => token.replaceAll('_', '\\_')],
  ['in quotes', (token) => `"${token}"`],
  ['in a table', (token) => `| ${token} | 3 |`],
  ['with a plural behind it', (token) => `${token}s`],
  ['behind letters', (token) => `PIIP${token}`],
  ['behind a beginning of itself', (token) => `PII_${token}`],
  ['twice', (token) => `${token}${token}`],
  ['behind a link that has ended', (token) => `[a](https://a.example) ${token}`],
  ['as the text of a link', (token) => `[${token}](https://a.example)`],
  ['behind a colon and a space', (token) => `mail: ${token}`],
  ['behind a time of day', (token) => `at 12:${token}`],
  ['as a quoted value', (token) => `{"mail":"${token}"}`],
  ['between tags', (token) => `<b title="a>b">${token}</b>`],
];
const STAYS: readonly (readonly [string, (token: string) => string])[] = [
  ['in a URL', (token) => `https://evil.example/?q=${token}`],
  ['in a URL without a scheme', (token) => `//evil.example/${token}`],
  ['in a URL of a browser', (token) => `https:\\\\evil.example\\${token}`],
  ['behind a quote in a URL', (token) => `https://evil.example/"${token}`],
  ['behind a backtick in a URL', (token) => `https://evil.example/\`${token}`],
  ['behind a bracket in a URL', (token) => `https://evil.example/>${token}`],
  ['behind a space that URLs go on with', (token) => `https://evil.example/\u00a0${token}`],
  ['behind a wide space in a URL', (token) => `https://evil.example/\u3000${token}`],
  ['in a URL of an editor', (token) => `vscode:extension/${token}`],
  ['in a URL of a chat', (token) => `(slack:channel?id=${token})`],
  ['in a URL of a directory', (token) => `ldap:${token}`],
  ['in a URL of a scheme with all its signs', (token) => `View-Source2.x+y:${token}`],
  ['behind www', (token) => `www.${token}.evil.example`],
  ['as the target of a link', (token) => `[a](/x?${token})`],
  ['as the target of an image', (token) => `![a](<x ${token}>)`],
  ['behind brackets in a target', (token) => `![a](x(y)z${token})`],
  ['in a target on the next line', (token) => `[a](\n${token})`],
  ['in a reference', (token) => `[a]: x/${token}`],
  ['in an attribute', (token) => `<img src="x?${token}">`],
  ['in an attribute without quotes', (token) => `<img src=x?${token}>`],
  ['in an attribute behind a quoted bracket', (token) => `<img alt='>' src="&#104;ttps:x${token}">`],
  ['in a tag over lines', (token) => `<img\nalt="a"\nsrc="x${token}">`],
  ['with another letter', (token) => token.slice(0, -1) + (token.endsWith('B') ? 'C' : 'B')],
  ['with another kind', (token) => token.replace('EMAIL', 'CARD')],
  ['without its last letter', (token) => `${token.slice(0, -1)} `],
  ['over a line break', (token) => `${token.slice(0, 14)}\n${token.slice(14)}`],
];

test('the tables of places have all their rows', () => {
  expect([RESTORED.length, STAYS.length]).toEqual([19, 26]);
});

describe('a token', () => {
  test.each(RESTORED)('is restored %s', (_, say) => {
    const { text, token } = chat(say);
    expect(text).toBe(expectedOf(say, token));
  });

  test.each(STAYS)('is not restored %s', (_, say) => {
    const { text, token } = chat(say);
    expect(text).toBe(say(token));
  });

  it('of another caller is not restored', () => {
    const { token } = chat(() => '', { headers: [['authorization', 'Bearer ben']] });
    expect(chat(() => token).text).toBe(token);
  });
});

/** What a client must get: all but the token as the model wrote it. */
function expectedOf(say: (token: string) => string, token: string): string {
  const written = say(token);
  const spellings = [token, token.toLowerCase(), token.slice(0, 5).toLowerCase() + token.slice(5), token.replaceAll('_', '\\_')];
  return spellings.reduce((text, spelling) => text.replaceAll(spelling, EMAIL), written);
}

const CALL = (name: string, token: string) => ({
  id: 'call_1',
  type: 'function',
  function: { name, arguments: JSON.stringify({ to: token, n: 1 }) },
});
const chatCalls = (name: string, token: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      id: 'c',
      choices: [{ index: 0, message: { role: 'assistant', content: null, tool_calls: [CALL(name, token)] }, finish_reason: 'tool_calls' }],
    }),
  );

describe('arguments of a tool', () => {
  test.each([
    ['lookup_customer', EMAIL],
    ['send_email', undefined],
  ])('%s has %s', (name, value) => {
    const { got, sent } = playTokens({
      policy: POLICY,
      path: CHAT,
      request: chatAsk(EMAIL),
      answer: (said) => chatCalls(name, tokensIn(said)[0]!),
    });
    const call = (JSON.parse(got) as { choices: [{ message: { tool_calls: [{ function: { arguments: string } }] } }] }).choices[0].message
      .tool_calls[0];
    expect(JSON.parse(call.function.arguments)).toEqual({ to: value ?? tokensIn(sent)[0], n: 1 });
  });
});

describe('a history that the provider keeps', () => {
  const ask = (input: string, more: object = {}): Buffer => Buffer.from(JSON.stringify({ model: 'm', input, ...more }));
  const says = (text: string): Buffer =>
    Buffer.from(
      JSON.stringify({
        id: 'resp_2',
        object: 'response',
        output: [{ type: 'message', id: 'm', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] }],
      }),
    );
  const turn = (desk: NonNullable<TokenPlay['desk']>, request: Buffer, answer: (sent: string) => string) =>
    playTokens({ policy: POLICY, path: '/v1/responses', request, answer: (sent) => says(answer(sent)), desk });

  test.each([
    ['the same caller', keyedCaller('anna'), EMAIL],
    ['another caller', keyedCaller('ben'), undefined],
  ])('gives a value back to %s', (_, identity, value) => {
    const vault = createTokenVault();
    const token = tokensIn(turn({ identity: keyedCaller('anna'), vault }, ask(EMAIL), () => 'x').sent)[0]!;
    const { got } = turn({ identity, vault }, ask('and now?', { previous_response_id: 'resp_1' }), () => `It is ${token}.`);
    expect(got).toContain(`It is ${value ?? token}.`);
  });

  it('is asked for without a value in what a recording keeps of it', () => {
    const vault = createTokenVault();
    const { effects } = turn({ identity: keyedCaller('anna'), vault }, ask(EMAIL, { previous_response_id: 'resp_1' }), () => 'x');
    const consults = effects.filter(({ kind }) => kind === 'consult');
    const tokens = new Map([['PII_EMAIL_X', EMAIL]]);
    const advice = {
      about: 'conversation',
      agent: 'a',
      identity: ANONYMOUS,
      conversation: undefined,
      stop: undefined,
      findings: [],
      tokens,
    } as const;
    expect(consults).toHaveLength(2);
    expect(outcomeLine({ effects: consults })).not.toContain(EMAIL);
    expect(eventLine({ kind: 'advised', advice, unixMs: 1 })).not.toContain(EMAIL);
  });

  it('that the request does not name is not asked for', () => {
    const vault = createTokenVault();
    const desk = { identity: keyedCaller('anna'), vault };
    const token = tokensIn(turn(desk, ask(EMAIL), () => 'x').sent)[0]!;
    expect(turn(desk, ask('and now?'), () => token).got).toContain(token);
  });
});

// ---- streams

const chatEvent = (delta: object): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
const messageEvent = (event: { readonly type: string }): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
const inPieces = (text: string, size: number): readonly string[] => text.match(new RegExp(`.{1,${size}}`, 'gs')) ?? [];

const chatStream = (text: string, size: number): Buffer =>
  Buffer.from(
    `${inPieces(text, size)
      .map((content) => chatEvent({ content }))
      .join('')}data: [DONE]\n\n`,
  );
const chatCallStream = (args: string, size: number): Buffer =>
  Buffer.from(
    chatEvent({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'lookup_customer', arguments: '' } }] }) +
      inPieces(args, size)
        .map((piece) => chatEvent({ tool_calls: [{ index: 0, function: { arguments: piece } }] }))
        .join('') +
      'data: [DONE]\n\n',
  );
const messageStream = (text: string, size: number): Buffer =>
  Buffer.from(
    [
      {
        type: 'message_start',
        message: { id: 'm', type: 'message', role: 'assistant', model: 'm', content: [], usage: { input_tokens: 1, output_tokens: 1 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      ...inPieces(text, size).map((piece) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: piece } })),
      { type: 'content_block_stop', index: 0 },
      { type: 'message_stop' },
    ]
      .map(messageEvent)
      .join(''),
  );

interface Delta {
  readonly choices?: readonly {
    readonly delta: { readonly content?: string; readonly tool_calls?: readonly { readonly function: { readonly arguments: string } }[] };
  }[];
  readonly delta?: { readonly text?: string };
}
const deltasOf = (got: string): readonly Delta[] =>
  got.split('\n').flatMap((line) => (line.startsWith('data: {') ? [JSON.parse(line.slice(6)) as Delta] : []));
const joined = (got: string): string =>
  deltasOf(got)
    .map(
      ({ choices, delta }) => choices?.[0]?.delta.content ?? choices?.[0]?.delta.tool_calls?.[0]?.function.arguments ?? delta?.text ?? '',
    )
    .join('');

const STREAMS = [
  ['chat', CHAT, chatStream, (token: string) => `Dear **${token}**, p`, `Dear **${EMAIL}**, p`],
  ['arguments of chat', CHAT, chatCallStream, (token: string) => `{"to":"${token}"}`, `{"to":"${EMAIL}"}`],
  ['messages', '/v1/messages', messageStream, (token: string) => `PII_ ${token.toLowerCase()} PI`, `PII_ ${EMAIL} PI`],
] as const;

describe('a stream', () => {
  test.each(STREAMS)('of %s gives the same whatever the events and wherever it is cut', (_, path, write, say, expected) => {
    const play = (size: number, more: Partial<TokenPlay> = {}) =>
      playTokens({
        policy: POLICY,
        path,
        headers: ANNA,
        request: chatAsk(EMAIL),
        answerType: 'text/event-stream',
        answer: (sent) => write(say(tokensIn(sent)[0]!), size),
        ...more,
      });
    for (const size of [1, 2, 3, 5, 7, 11, 100]) expect(joined(play(size).got)).toBe(expected);
    const whole = play(5).got;
    const answer = write(say(tokensIn(play(5).sent)[0]!), 5);
    let cuts = 0;
    for (let at = 1; at < answer.length; at++, cuts++) expect(play(5, { cuts: [at] }).got).toBe(whole);
    expect(cuts).toBe(answer.length - 1);
    expect(play(5, { piece: 1 }).got).toBe(whole);
  });

  it('without a token leaves byte for byte, and holds no more than a tail that a token could begin with', () => {
    const answer = chatStream('Plain words, PII_EMAIL_ nothing, PII.', 4);
    const { got } = playTokens({
      policy: POLICY,
      path: CHAT,
      request: chatAsk(EMAIL),
      answerType: 'text/event-stream',
      answer: () => answer,
      piece: 9,
    });
    expect(got).toBe(answer.toString());
  });
});
