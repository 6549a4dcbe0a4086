import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT_QUESTION, assistantReply, CRAFTED_QUESTION, CUSTOMERS, SYSTEM_PROMPT } from '../../src/demo/bank.ts';
import { alive, descendantsOf, runSluice, type StartedProcess, startProcess, startSluice, waitFor } from '../support/processes.ts';

interface Addresses {
  readonly gateway: string;
  readonly inventory: string;
  readonly admin: string;
  readonly pid: number;
}

const customer = CUSTOMERS[0]!;
const secrets = [customer.email, customer.card, customer.iban];
const redacted = assistantReply({ question: ACCOUNT_QUESTION, system: undefined })
  .replace(customer.email, '[REDACTED:pii.email]')
  .replace(customer.card, '[REDACTED:pii.card]')
  .replace(customer.iban, '[REDACTED:pii.iban]');
const HOURS = 'What are your opening hours?';
const hours = assistantReply({ question: HOURS, system: undefined });

let state: string;
beforeAll(() => {
  state = mkdtempSync(path.join(tmpdir(), 'sluice-state-'));
});
afterAll(() => rmSync(state, { recursive: true, force: true }));

const environment = () => ({ XDG_STATE_HOME: state });

async function startUp(args: readonly string[] = []): Promise<{ readonly run: StartedProcess; readonly at: Addresses }> {
  const run = startSluice(['up', '--json', '--port', '0', ...args], { environment: environment() });
  const at = JSON.parse(await run.line('stdout', () => true)) as Addresses;
  return { run, at };
}

async function stopUp(run: StartedProcess): Promise<void> {
  run.kill('SIGINT');
  await run.ended;
}

const ask = (question: string) => ({ model: 'gpt-5-mini', messages: [{ role: 'user' as const, content: question }] });
const openaiAt = ({ gateway }: Addresses) => new OpenAI({ baseURL: `${gateway}/v1`, apiKey: 'test-key', maxRetries: 0 });
const anthropicAt = ({ gateway }: Addresses) => new Anthropic({ baseURL: gateway, apiKey: 'test-key', maxRetries: 0 });

describe('sluice up', () => {
  let run: StartedProcess;
  let at: Addresses;
  let openai: OpenAI;
  let anthropic: Anthropic;
  beforeAll(async () => {
    ({ run, at } = await startUp());
    openai = openaiAt(at);
    anthropic = anthropicAt(at);
  });
  afterAll(() => stopUp(run));

  test('prints one line of JSON with the addresses, and nothing else', async () => {
    const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(run.stdout.map((line) => JSON.parse(line))).toEqual([{ gateway: url, inventory: url, admin: url, pid: run.pid }]);
    expect(await (await fetch(`${at.admin}/readyz`)).text()).toBe('ready\n');
  });

  test('lets a harmless question through the OpenAI client unchanged, whole and streamed', async () => {
    const whole = await openai.chat.completions.create(ask(HOURS));
    const streamed = await openai.chat.completions.stream(ask(HOURS)).finalChatCompletion();
    expect([whole, streamed].map(({ choices }) => choices[0]?.message.content)).toEqual([hours, hours]);
  });

  test('lets a harmless question through the Anthropic client unchanged, whole and streamed', async () => {
    const body = { ...ask(HOURS), max_tokens: 300 };
    const whole = await anthropic.messages.create(body);
    const streamed = await anthropic.messages.stream(body).finalMessage();
    expect([whole, streamed].map(({ content }) => content)).toEqual([[{ type: 'text', text: hours }], [{ type: 'text', text: hours }]]);
  });

  test('carries tool calls of the OpenAI client, whole and streamed', async () => {
    const parameters = { type: 'object', properties: { topic: { type: 'string' } } };
    const body = {
      ...ask('Please look up the opening hours'),
      tools: [{ type: 'function' as const, function: { name: 'find_hours', parameters } }],
    };
    const whole = await openai.chat.completions.create(body);
    const streamed = await openai.chat.completions.stream(body).finalChatCompletion();
    const calls = [whole, streamed].flatMap(({ choices }) => choices[0]?.message.tool_calls ?? []);
    expect(calls.map((call) => call.type === 'function' && JSON.parse(call.function.arguments))).toEqual([
      { topic: 'Please look up the opening hours' },
      { topic: 'Please look up the opening hours' },
    ]);
  });

  test('carries tool calls of the Anthropic client, whole and streamed', async () => {
    const tool = { name: 'find_hours', input_schema: { type: 'object' as const, properties: { topic: { type: 'string' } } } };
    const body = { ...ask('Please look up the opening hours'), max_tokens: 300, tools: [tool] };
    const whole = await anthropic.messages.create(body);
    const streamed = await anthropic.messages.stream(body).finalMessage();
    expect([whole, streamed].map(({ content }) => content[0]?.type === 'tool_use' && content[0].input)).toEqual([
      { topic: 'Please look up the opening hours' },
      { topic: 'Please look up the opening hours' },
    ]);
  });

  test('denies the crafted question with an error the OpenAI client understands', async () => {
    const error: unknown = await openai.chat.completions.create(ask(CRAFTED_QUESTION)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OpenAI.PermissionDeniedError);
    expect(error).toMatchObject({ status: 403, code: 'content_filter' });
    expect(JSON.stringify(error)).not.toContain(SYSTEM_PROMPT);
  });

  test('denies the crafted question with an error the Anthropic client understands', async () => {
    const error: unknown = await anthropic.messages
      .create({ ...ask(CRAFTED_QUESTION), max_tokens: 300 })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Anthropic.PermissionDeniedError);
    expect(error).toMatchObject({ status: 403, error: { type: 'error' } });
  });

  test('redacts a customer in an OpenAI answer, whole and token by token alike', async () => {
    const whole = await openai.chat.completions.create(ask(ACCOUNT_QUESTION));
    const streamed = await openai.chat.completions.stream(ask(ACCOUNT_QUESTION)).finalChatCompletion();
    expect([whole, streamed].map(({ choices }) => choices[0]?.message.content)).toEqual([redacted, redacted]);
  });

  test('redacts a customer in an Anthropic answer, whole and token by token alike', async () => {
    const body = { ...ask(ACCOUNT_QUESTION), max_tokens: 300 };
    const whole = await anthropic.messages.create(body);
    const streamed = await anthropic.messages.stream(body).finalMessage();
    expect([whole, streamed].map(({ content }) => content)).toEqual([
      [{ type: 'text', text: redacted }],
      [{ type: 'text', text: redacted }],
    ]);
  });

  test('shows a call to an endpoint that nobody declared as undeclared in the inventory', async () => {
    const body = await (await fetch(`${at.gateway}/internal/dev/accounts`)).text();
    await fetch(`${at.gateway}/accounts/4711`);
    expect(secrets.filter((secret) => body.includes(secret))).toEqual([]);
    const listing = await waitFor(async () => {
      const { stdout } = await runSluice(['inventory', 'list', '--json'], { environment: environment() });
      const { endpoints } = JSON.parse(stdout) as { endpoints: { method: string; path: string; declared: boolean | null }[] };
      const seen = endpoints.map(({ method, path: where, declared }) => `${method} ${where} ${declared}`);
      return seen.some((row) => row.startsWith('GET /accounts/')) ? seen : undefined;
    });
    expect(listing).toContain('GET /internal/dev/accounts false');
    expect(listing).toContain('GET /accounts/{id} true');
    expect(listing).toContain('POST /v1/chat/completions true');
  });

  test('redacts what a question carries before the provider sees it, with a length that fits', async () => {
    const parameters = { type: 'object', properties: { note: { type: 'string' } } };
    const body = {
      ...ask(`look up ${customer.card}, please`),
      tools: [{ type: 'function' as const, function: { name: 'note', parameters } }],
    };
    const { choices } = await openai.chat.completions.create(body);
    const call = choices[0]?.message.tool_calls?.[0];
    expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toEqual({ note: 'look up [REDACTED:pii.card], please' });
    await run.line(
      'stderr',
      (line) => line.startsWith('redact') && line.includes('pii.card') && line.includes('request') && line.includes('user'),
    );
  });

  test('says each finding in one line on stderr, without the text that was found', async () => {
    await openai.chat.completions.create(ask(ACCOUNT_QUESTION));
    await run.line(
      'stderr',
      (line) => line.startsWith('redact') && line.includes('pii.iban') && line.includes('POST /v1/chat/completions'),
    );
    expect(run.stderr.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
  });

  test('counts verdicts and findings at the admin address', async () => {
    const metrics = await (await fetch(`${at.admin}/metrics`)).text();
    const status = (await (await fetch(`${at.admin}/status`)).json()) as { traffic: { verdicts: Record<string, number> } };
    expect(metrics).toMatch(/^sluice_exchanges_total\{verdict="redact"\} [1-9]/m);
    expect(metrics).toMatch(/^sluice_findings_total\{detector="pii\.card",action="redact"\} [1-9]/m);
    expect(status.traffic.verdicts).toMatchObject({ deny: expect.any(Number), redact: expect.any(Number) });
  });
});

describe('sluice up in observe mode', () => {
  test('changes and denies nothing and finds the same', async () => {
    const { run, at } = await startUp(['--mode', 'observe']);
    try {
      const { choices } = await openaiAt(at).chat.completions.create(ask(ACCOUNT_QUESTION));
      expect(choices[0]?.message.content).toBe(assistantReply({ question: ACCOUNT_QUESTION, system: undefined }));
      const crafted = await openaiAt(at).chat.completions.create(ask(CRAFTED_QUESTION));
      expect(crafted.choices[0]?.message.content).toContain(SYSTEM_PROMPT);
      await run.line('stderr', (line) => line.startsWith('observe (deny)') && line.includes('injection.direct'));
      await run.line('stderr', (line) => line.startsWith('observe (redact)') && line.includes('pii.card'));
    } finally {
      await stopUp(run);
    }
  });
});

describe('sluice up in the duplex profile', () => {
  test('denies and redacts as in the default one', async () => {
    const { run, at } = await startUp(['--profile', 'duplex']);
    try {
      const { choices } = await openaiAt(at).chat.completions.create(ask(ACCOUNT_QUESTION));
      const streamed = await openaiAt(at).chat.completions.stream(ask(ACCOUNT_QUESTION)).finalChatCompletion();
      expect([choices[0]?.message.content, streamed.choices[0]?.message.content]).toEqual([redacted, redacted]);
      const error: unknown = await openaiAt(at)
        .chat.completions.create(ask(CRAFTED_QUESTION))
        .catch((caught: unknown) => caught);
      expect(error).toMatchObject({ status: 403, code: 'content_filter' });
    } finally {
      await stopUp(run);
    }
  });
});

describe('the end of sluice up', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)('%s leaves no process behind', async (signal) => {
    const { run } = await startUp();
    const tree = descendantsOf(run.pid);
    // Provider, inventory, filter, Envoy and the guard.
    expect(tree.length).toBeGreaterThanOrEqual(5);
    run.kill(signal);
    const { code } = await run.ended;
    expect(code).toBe({ SIGINT: 130, SIGTERM: 0, SIGHUP: 0, SIGKILL: null }[signal]);
    const pids = tree.map(({ pid }) => pid);
    expect(await waitFor(() => (alive(pids).length === 0 ? 'gone' : undefined))).toBe('gone');
  });

  test('a killed launcher (npm start, bin/sluice) leaves no process behind', async () => {
    const launcher = startProcess(process.execPath, ['bin/sluice', 'up', '--json', '--port', '0'], { environment: environment() });
    await launcher.line('stdout', () => true);
    const pids = descendantsOf(launcher.pid).map(({ pid }) => pid);
    expect(pids.length).toBeGreaterThanOrEqual(6);
    launcher.kill('SIGKILL');
    expect(await waitFor(() => (alive(pids).length === 0 ? 'gone' : undefined))).toBe('gone');
  });

  test('a killed filter is named, ends the run with exit code 5 and breaks the open answer instead of passing it unseen', async () => {
    const { run, at } = await startUp();
    const pids = descendantsOf(run.pid).map(({ pid }) => pid);
    const filter = filterOf(run).pid;
    // The answer has begun to arrive: from here on the filter is gone.
    const { text, broken } = await readUntilBroken(at, { at: 'Anna', action: () => process.kill(filter, 'SIGKILL') });
    const { code } = await run.ended;
    expect({ broken, leaked: secrets.filter((secret) => text.includes(secret)) }).toEqual({ broken: true, leaked: [] });
    expect(code).toBe(5);
    expect(run.stderr.join('\n')).toMatch(/the filter \(process \d+\) ended by itself: signal SIGKILL/);
    expect(await waitFor(() => (alive(pids).length === 0 ? 'gone' : undefined))).toBe('gone');
  });

  test('a filter that hangs gives the client an error, and no answer passes', async () => {
    const { run, at } = await startUp();
    try {
      process.kill(filterOf(run).pid, 'SIGSTOP');
      const error: unknown = await openaiAt(at)
        .chat.completions.create(ask(ACCOUNT_QUESTION))
        .catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(OpenAI.InternalServerError);
      expect(secrets.filter((secret) => JSON.stringify(error).includes(secret))).toEqual([]);
    } finally {
      await stopUp(run);
    }
  });
});

describe('sluice up --story', () => {
  test('plays the four acts, shows the inventory and ends with 0', async () => {
    const { code, stdout } = await runSluice(['up', '--story', '--port', '0'], { environment: environment() });
    expect(stdout).toContain('4 of 4 acts ended as they should.');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('came into this conversation from 2 sources; the call sends data away.');
    expect(stdout).toContain(SYSTEM_PROMPT.slice(0, 30));
    expect(stdout).toMatch(/GET +127\.0\.0\.1 +\/internal\/dev\/accounts +undeclared/);
    expect(code).toBe(0);
  });
});

describe('sluice inventory list', () => {
  test('shows what the last run saw when nothing runs any more', async () => {
    const { code, stdout } = await runSluice(['inventory', 'list'], { environment: environment() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/gpt-5-mini/);
  });
});

function filterOf(run: StartedProcess) {
  return descendantsOf(run.pid).find(({ command }) => command.includes(' serve --workers') && !command.includes('inventory serve'))!;
}

interface UntilBroken {
  /** Words of the answer at which `action` is called, once. */
  readonly at: string;
  readonly action: () => void;
}

/** Streams an answer that carries a customer; tells whether it broke off before its end. */
async function readUntilBroken(
  { gateway }: Addresses,
  { at, action }: UntilBroken,
): Promise<{ readonly text: string; readonly broken: boolean }> {
  const response = await fetch(`${gateway}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...ask(ACCOUNT_QUESTION), stream: true }),
  });
  const decoder = new TextDecoder();
  let raw = '';
  let told = false;
  try {
    for await (const chunk of response.body!) {
      raw += decoder.decode(chunk, { stream: true });
      if (told || !deltaText(raw).includes(at)) continue;
      told = true;
      action();
    }
  } catch {
    return { text: deltaText(raw), broken: true };
  }
  return { text: deltaText(raw), broken: !raw.includes('[DONE]') };
}

function deltaText(raw: string): string {
  const events = raw
    .split('\n\n')
    .slice(0, -1)
    .filter((event) => event.startsWith('data: {'));
  return events
    .map((event) => (JSON.parse(event.slice(6)) as { choices: { delta: { content?: string } }[] }).choices[0]?.delta.content ?? '')
    .join('');
}
