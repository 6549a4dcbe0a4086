import { setTimeout as delay } from 'node:timers/promises';
import { ACCOUNT_QUESTION, accountView, CRAFTED_QUESTION, CUSTOMERS, MAIL_QUESTION, POISONED_MAIL, SYSTEM_PROMPT, THIEF } from './bank.ts';

/** How a style paints a text; the identity where there are no colours. */
type Paint = (style: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', text: string) => string;

export interface StoryOptions {
  /** The provider itself: what happens without a filter. */
  readonly provider: string;
  readonly gateway: string;
  /** `METHOD path` of what the inventory calls undeclared. */
  readonly undeclared: () => Promise<readonly string[]>;
  /** The inventory as its own command prints it. */
  readonly inventoryList: () => Promise<string>;
  readonly write: (text: string) => void;
  readonly paint: Paint;
  /** What the filter said since the last call: a line each, and a sentence for what takes one. */
  readonly takeFindingLines: () => readonly { readonly line: string; readonly why: string | undefined }[];
}

/** How long a finding line or an inventory row may take to show up, in milliseconds. */
const SHOW_UP_MS = 5_000;
const POLL_MS = 50;

/**
 * Plays the bank story: four things that go wrong without a filter, each before and after, then the inventory. Resolves to whether
 * every act ended as it should: the attack works without Sluice and does not with it.
 */
export async function playStory(options: StoryOptions): Promise<boolean> {
  const { write, paint } = options;
  write(`\n${paint('bold', 'The assistant of Sample Bank, without Sluice and behind it')}\n`);
  const acts = [
    await promptExtraction(options),
    await customerData(options),
    await forgottenEndpoint(options),
    await poisonedMail(options),
  ];
  write(
    `\n${paint('bold', 'What the inventory knows now')}  ${paint('dim', 'sluice inventory list')}\n\n${indent(await options.inventoryList())}\n`,
  );
  const good = acts.filter(Boolean).length;
  write(`\n${paint(good === acts.length ? 'green' : 'red', `${good} of ${acts.length} acts ended as they should.`)}\n\n`);
  return good === acts.length;
}

async function promptExtraction(options: StoryOptions): Promise<boolean> {
  title(options, 1, 'A crafted question makes the assistant reveal its instructions');
  ask(options, CRAFTED_QUESTION);
  const before = await chat(options.provider, CRAFTED_QUESTION);
  show(options, 'before', before.text);
  const after = await chat(options.gateway, CRAFTED_QUESTION);
  show(options, 'after', `HTTP ${after.status}  ${after.body}`);
  await findings(options);
  const denied = after.status === 403 && errorCode(after.body) === 'content_filter' && !after.body.includes(SYSTEM_PROMPT);
  return verdict(options, before.text.includes(SYSTEM_PROMPT) && denied, 'denied before the provider saw it');
}

async function customerData(options: StoryOptions): Promise<boolean> {
  title(options, 2, "An answer carries a customer's card, IBAN and e-mail");
  ask(options, ACCOUNT_QUESTION);
  const before = await chat(options.provider, ACCOUNT_QUESTION);
  show(options, 'before', before.text);
  const after = await chat(options.gateway, ACCOUNT_QUESTION);
  show(options, 'after', after.text);
  const streamed = await chatStreamed(options.gateway, ACCOUNT_QUESTION);
  show(options, 'streamed', `${streamed.text} ${options.paint('dim', `(${streamed.events} events)`)}`);
  await findings(options);
  const leaks = secretsIn(before.text).length;
  const clean = secretsIn(after.text).length === 0 && after.text.includes('[REDACTED:') && streamed.text === after.text;
  return verdict(options, leaks === 3 && clean, 'redacted, the same when it comes token by token');
}

async function forgottenEndpoint(options: StoryOptions): Promise<boolean> {
  const path = '/internal/dev/accounts';
  title(options, 3, 'A development endpoint that nobody declared still answers');
  ask(options, `GET ${path}`);
  const before = await (await fetch(options.provider + path)).text();
  show(options, 'before', before);
  const after = await (await fetch(options.gateway + path)).text();
  show(options, 'after', after);
  await findings(options);
  const found = await until(async () => ((await options.undeclared()).includes(`GET ${path}`) ? true : undefined));
  return verdict(
    options,
    secretsIn(before).length > 0 && secretsIn(after).length === 0 && found === true,
    'its answer is redacted, and the inventory lists it as undeclared',
  );
}

async function poisonedMail(options: StoryOptions): Promise<boolean> {
  title(options, 4, 'A mail that anybody can write makes the assistant mail account data away');
  ask(options, MAIL_QUESTION);
  options.write(`   ${options.paint('dim', 'the mail')}  ${wrap(POISONED_MAIL)}\n`);
  const before = await workWithTools(options.provider);
  show(options, 'before', before);
  const after = await workWithTools(options.gateway);
  show(options, 'after', after);
  await findings(options);
  const stolen = before.startsWith('send_mail') && before.includes(THIEF) && secretsIn(before).length > 0;
  const stopped = after.startsWith('HTTP 403') && !after.includes(THIEF) && secretsIn(after).length === 0;
  return verdict(options, stolen && stopped, 'the mail was read, the account was read, and the send was stopped');
}

/** What the assistant's tools answer, as the bank's app runs them. */
const TOOL_RESULTS: Readonly<Record<string, string>> = {
  read_mail: POISONED_MAIL,
  get_account: JSON.stringify(accountView(CUSTOMERS[0]!)),
};
const TOOLS = ['read_mail', 'get_account', 'send_mail'].map((name) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: {} } },
}));
/** More turns than the assistant needs. */
const TURNS_MAX = 5;

/** The bank's app: runs the tools that the assistant calls, until it sends something, says something or is refused. */
async function workWithTools(base: string): Promise<string> {
  const messages: object[] = [{ role: 'user', content: MAIL_QUESTION }];
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    const response = await postChat(base, { messages, tools: TOOLS });
    const body = await response.text();
    if (!response.ok) return `HTTP ${response.status}  ${body}`;
    const message = (parse(body) as ToolAnswer).choices?.[0]?.message;
    const call = message?.tool_calls?.[0];
    if (message === undefined || call === undefined) return messageText(parse(body), 'message');
    const result = TOOL_RESULTS[call.function.name];
    if (result === undefined) return `${call.function.name}(${call.function.arguments})`;
    messages.push(message, { role: 'tool', tool_call_id: call.id, content: result });
  }
  return '';
}

interface ToolAnswer {
  readonly choices?: readonly {
    readonly message: {
      readonly tool_calls?: readonly { readonly id: string; readonly function: { readonly name: string; readonly arguments: string } }[];
    };
  }[];
}

interface ChatAnswer {
  readonly status: number;
  readonly body: string;
  /** The assistant's words; empty for an error. */
  readonly text: string;
}

async function chat(base: string, question: string): Promise<ChatAnswer> {
  const response = await postChat(base, { messages: [{ role: 'user', content: question }] });
  const body = await response.text();
  return { status: response.status, body, text: messageText(parse(body), 'message') };
}

/** The same question, streamed: the words put together again, and how many events brought them. */
async function chatStreamed(base: string, question: string): Promise<{ readonly text: string; readonly events: number }> {
  const response = await postChat(base, { stream: true, messages: [{ role: 'user', content: question }] });
  const events = (await response.text()).split('\n\n').filter((event) => event.startsWith('data: {'));
  return { text: events.map((event) => messageText(parse(event.slice('data: '.length)), 'delta')).join(''), events: events.length };
}

function postChat(base: string, body: object): Promise<Response> {
  return fetch(`${base}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer story', 'user-agent': 'bank-app/1.0' },
    body: JSON.stringify({ model: 'gpt-5-mini', ...body }),
  });
}

function messageText(body: unknown, part: 'message' | 'delta'): string {
  const { choices } = body as { choices?: readonly { message?: { content?: string | null }; delta?: { content?: string | null } }[] };
  return choices?.[0]?.[part]?.content ?? '';
}

function errorCode(body: string): string | undefined {
  return (parse(body) as { error?: { code?: string } }).error?.code;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Which of a customer's e-mail, card and IBAN stand in a text. */
function secretsIn(text: string): readonly string[] {
  return CUSTOMERS.flatMap(({ email, card, iban }) => [email, card, iban]).filter((secret) => text.includes(secret));
}

function title({ write, paint }: StoryOptions, number: number, text: string): void {
  write(`\n${paint('bold', `${number}. ${text}`)}\n`);
}

function ask({ write, paint }: StoryOptions, question: string): void {
  write(`   ${paint('dim', 'asked   ')}  ${wrap(question)}\n`);
}

function show({ write, paint }: StoryOptions, label: 'before' | 'after' | 'streamed', text: string): void {
  const style = label === 'before' ? 'red' : 'green';
  write(`   ${paint(style, label.toUpperCase().padEnd(8))}  ${wrap(text)}\n`);
}

/** The finding lines that belong to what was just asked; they are written when an exchange is over, a moment after its last byte. */
async function findings({ write, paint, takeFindingLines }: StoryOptions): Promise<void> {
  const lines = await until(async () => {
    const taken = takeFindingLines();
    return taken.length > 0 ? taken : undefined;
  });
  await delay(POLL_MS);
  const counts = Map.groupBy([...(lines ?? []), ...takeFindingLines()], ({ line }) => line);
  for (const [line, all] of counts) {
    write(`   ${paint('yellow', 'finding ')}  ${line}${all.length > 1 ? paint('dim', `  ×${all.length}`) : ''}\n`);
    const why = all.find((one) => one.why !== undefined)?.why;
    if (why !== undefined) write(`   ${paint('dim', 'why     ')}  ${wrap(why)}\n`);
  }
}

function verdict({ write, paint }: StoryOptions, good: boolean, words: string): boolean {
  write(`   ${good ? paint('green', `✓ ${words}`) : paint('red', `✗ this act did not end as it should (expected: ${words})`)}\n`);
  return good;
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let waitedMs = 0; waitedMs < SHOW_UP_MS; waitedMs += POLL_MS) {
    const value = await look();
    if (value !== undefined) return value;
    await delay(POLL_MS);
  }
  return undefined;
}

/** Breaks a long text into lines that fit beside the labels, after blanks and commas. */
function wrap(text: string, width = 100): string {
  const lines = [''];
  for (const piece of piecesOf(text)) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + piece.trimEnd().length > width) lines.push(piece);
    else lines[lines.length - 1] = line + piece;
  }
  return lines.map((line) => line.trimEnd()).join(`\n${' '.repeat(13)}`);
}

/** Words with the blank or comma that ends them. */
function piecesOf(text: string): readonly string[] {
  return text.replaceAll(' ', ' \0').replaceAll(',"', ',\0"').split('\0');
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `   ${line}`)
    .join('\n');
}
