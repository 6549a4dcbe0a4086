import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT_QUESTION, CRAFTED_QUESTION } from '../../src/demo/bank.ts';
import { hasBackend, type RunningBackend, readBackendPage, startBackend, untilAnswering } from '../support/backends.ts';
import { type StartedProcess, startSluice, waitFor } from '../support/processes.ts';
import { counterIn, type KnownSpan, LOGS_IN, SPANS_IN } from './answers.ts';

/** How long a backend may take to start, to index, and to answer; Python ones import for ten seconds. */
const BACKEND_WAIT_MS = 120_000;

interface Tried {
  readonly name: string;
  /** Path on a documented port that answers once the backend is there. */
  readonly ready: readonly [port: string, path: string];
}

const TRIED: readonly Tried[] = [
  { name: 'phoenix', ready: ['6006', '/healthz'] },
  { name: 'mlflow', ready: ['5000', '/health'] },
  { name: 'jaeger', ready: ['16686', '/api/services'] },
  { name: 'collector', ready: ['13133', '/'] },
  { name: 'loki', ready: ['3100', '/ready'] },
];

test('every page about a backend is tried', () => {
  const pages = readdirSync(path.resolve(import.meta.dirname, '../../docs/backends')).filter((name) => name.endsWith('.md'));
  expect(pages.map((name) => name.replace('.md', '')).toSorted()).toEqual(TRIED.map(({ name }) => name).toSorted());
});

/** What the bank's assistant is asked, each in a trace of its own. */
const QUESTIONS = { crafted: CRAFTED_QUESTION, account: ACCOUNT_QUESTION } as const;

describe.each(TRIED)('$name', ({ name, ready }) => {
  const page = readBackendPage(name);
  const isHere = hasBackend(page);

  test.skipIf(isHere)(`is not on this machine: node setup/backends.js ${name}`, () => {});

  describe.skipIf(!isHere)('with the bank story', () => {
    const traces = { crafted: randomBytes(16).toString('hex'), account: randomBytes(16).toString('hex') };
    const state = mkdtempSync(path.join(tmpdir(), 'sluice-state-'));
    let backend: RunningBackend;

    beforeAll(async () => {
      backend = await startBackend(page);
      await untilAnswering(`http://127.0.0.1:${backend.port(ready[0])}${ready[1]}`, BACKEND_WAIT_MS);
      const environment = { XDG_STATE_HOME: state, ...backend.environment };
      const run = startSluice(['up', '--json', '--port', '0'], { environment });
      await askBank(run, traces);
      run.kill('SIGINT'); // telemetry leaves before it ends
      await run.ended;
    }, 2 * BACKEND_WAIT_MS);
    afterAll(async () => {
      await backend?.stop();
      rmSync(state, { recursive: true, force: true });
    });

    /** Asks until the backend has it. */
    const known = <T>(look: (answer: string) => readonly T[], traceId: string): Promise<readonly T[]> =>
      waitFor(() => {
        const found = look(backend.ask(traceId));
        return found.length > 0 ? found : undefined;
      }, BACKEND_WAIT_MS);

    const spansOf = SPANS_IN[name];
    if (spansOf !== undefined) {
      test('has the denied question: the exchange, and the guardrail below it', async () => {
        const spans = await known((answer) => spansOf(answer, traces.crafted), traces.crafted);
        const exchange = named(spans, 'chat gpt-5-mini');
        const guardrail = named(spans, 'run_guardrail injection.direct');
        expect(plain(exchange)).toMatchObject({ 'sluice.verdict': 'deny', 'gen_ai.request.model': 'gpt-5-mini' });
        expect(guardrail.parentId).toBe(exchange.spanId);
        expect(plain(guardrail)).toMatchObject({ 'gen_ai.security.verdict.type': 'deny' });
      });

      test('has the redacted answer, with a guardrail for each kind of data', async () => {
        const spans = await known((answer) => spansOf(answer, traces.account), traces.account);
        const guardrails = spans.filter((span) => span.name.startsWith('run_guardrail '));
        expect(new Set(guardrails.map((span) => span.name))).toEqual(
          new Set(['run_guardrail pii.card', 'run_guardrail pii.email', 'run_guardrail pii.iban']),
        );
        expect(guardrails.map(({ parentId }) => parentId)).toEqual(guardrails.map(() => named(spans, 'chat gpt-5-mini').spanId));
      });
    }

    const logsOf = LOGS_IN[name];
    if (logsOf !== undefined)
      test('has a log record for the finding, with the ids of its exchange', async () => {
        const [record] = await known((answer) => logsOf(answer, traces.crafted), traces.crafted);
        expect(record?.spanId).toMatch(/^[0-9a-f]{16}$/);
        expect(record?.rule).toBe('injection.direct');
      });

    if (spansOf !== undefined && logsOf !== undefined)
      test('has span, log record and metric of one finding together', async () => {
        await known((answer) => logsOf(answer, traces.crafted), traces.crafted);
        const answer = backend.ask(traces.crafted);
        const [record] = logsOf(answer, traces.crafted);
        expect(spansOf(answer, traces.crafted).map(({ spanId }) => spanId)).toContain(record?.spanId);
        expect(counterIn(answer, 'sluice.finding.count')).toBeGreaterThanOrEqual(4);
      });
  });
});

async function askBank(run: StartedProcess, traces: Readonly<Record<keyof typeof QUESTIONS, string>>): Promise<void> {
  const { gateway } = JSON.parse(await run.line('stdout', () => true)) as { readonly gateway: string };
  for (const [question, content] of Object.entries(QUESTIONS)) {
    const response = await fetch(`${gateway}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${traces[question as keyof typeof QUESTIONS]}-00f067aa0ba902b7-01` },
      body: JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content }] }),
    });
    await response.text();
  }
}

function named(spans: readonly KnownSpan[], name: string): KnownSpan {
  const found = spans.filter((span) => span.name === name);
  expect(found.map((span) => span.name)).toEqual([name]);
  return found[0]!;
}

/** Attributes as they were sent: some backends give each value as JSON. */
function plain({ attributes }: KnownSpan): Readonly<Record<string, unknown>> {
  const unwrapped = (value: unknown) => (typeof value === 'string' && value.startsWith('"') ? (JSON.parse(value) as unknown) : value);
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, unwrapped(value)]));
}
