import { describe, expect, it } from 'vitest';
import { renderListing } from '../../src/inventory/list.ts';
import type { EndpointRow } from '../../src/inventory/rows.ts';

const seen = { id: '0', owner: null, state: 'new' as const, firstSeen: '2026-11-21T10:00:00.000Z', lastSeen: '2026-11-21T10:15:30.000Z' };
const latencyMs = { mean: null, p50: null, p95: null, p99: null };
const none = { clientErrors: 0, refused: 0, open: 0, prevented: 0, requestBytes: 0, responseBytes: 0, drifts: 0 };
const zeros = { errors: 0, findings: 0, flagged: 0, redacted: 0, denied: 0 };

const endpoint = (change: Partial<EndpointRow>): EndpointRow => ({
  method: 'POST',
  host: 'api.bank.example',
  path: '/v1/chat/completions',
  kind: 'ai',
  declared: true,
  status: 'declared',
  count: 3,
  ...zeros,
  ...none,
  inputTokens: 0,
  outputTokens: 0,
  latencyMs,
  risk: 20,
  band: 'medium',
  ...seen,
  labels: { dialects: ['openai-chat'] },
  ...change,
});

const listing = {
  endpoints: [
    endpoint({
      denied: 1,
      redacted: 1,
      labels: { dialects: ['openai-chat'], requestKinds: ['injection.direct'], responseKinds: ['pii.card'] },
    }),
    endpoint({
      method: 'GET',
      path: '/internal/dev/accounts',
      declared: false,
      status: 'shadow',
      risk: 45,
      band: 'high',
      count: 1,
      labels: { dialects: ['generic'] },
    }),
  ],
  models: [
    {
      provider: 'openai',
      name: 'gpt-4o',
      count: 3,
      approved: null,
      ...zeros,
      inputTokens: 120,
      outputTokens: 80,
      latencyMs,
      ...seen,
      labels: {},
    },
  ],
  callers: [
    {
      kind: 'credential' as const,
      name: 'a1b2c3d4e5f6',
      count: 4,
      ...zeros,
      toolCalls: 0,
      inputTokens: 0,
      outputTokens: 0,
      ...seen,
      labels: { auth: ['bearer'], models: ['gpt-4o'], userAgents: ['curl/8'] },
    },
  ],
};

describe('the inventory as text', () => {
  it('shows aligned tables, undeclared endpoints first', () => {
    expect(renderListing(listing, { width: 160 })).toBe(
      `Endpoints (2)
  METHOD  HOST              PATH                    DECLARED    RISK  DIALECT      COUNT  DENIED  REDACTED  SENSITIVE                       LAST SEEN
  GET     api.bank.example  /internal/dev/accounts  undeclared    45  generic          1       –         –  –                               11-21 10:15
  POST    api.bank.example  /v1/chat/completions    declared      20  openai-chat      3       1         1  → injection.direct, ← pii.card  11-21 10:15

Models (1)
  MODEL   PROVIDER  COUNT  DENIED  TOKENS IN  TOKENS OUT  FIRST SEEN   LAST SEEN
  gpt-4o  openai        3       –        120          80  11-21 10:00  11-21 10:15

Callers (1)
  CALLER        KNOWN BY    AUTH    USER AGENT  COUNT  DENIED  MODELS  LAST SEEN
  a1b2c3d4e5f6  credential  bearer  curl/8          4       –  gpt-4o  11-21 10:15
`,
    );
  });

  it('cuts long values to the width of the terminal, at any width', () => {
    const long = { ...listing, endpoints: [endpoint({ path: `/${'segment/'.repeat(30)}`, host: 'h'.repeat(80) })] };
    for (const width of [80, 100, 120, 200]) {
      const lines = renderListing(long, { width }).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    }
  });

  it('says when there is nothing', () => {
    expect(renderListing({ endpoints: [], models: [], callers: [] })).toBe(
      'Endpoints (0)\n  none seen yet\n\nModels (0)\n  none seen yet\n\nCallers (0)\n  none seen yet\n',
    );
  });

  it('colours without moving a column, and lets no control character of the data reach the terminal', () => {
    const evil = { ...listing, endpoints: [endpoint({ host: 'a\u001b[2Jb', status: 'shadow' })] };
    const ESC = String.fromCharCode(27);
    expect(renderListing(evil)).not.toContain(ESC);
    const plain = renderListing(listing, { color: true })
      .split(ESC)
      .map((part, index) => (index === 0 ? part : part.slice(part.indexOf('m') + 1)))
      .join('');
    expect(plain).toBe(renderListing(listing));
  });

  it('marks endpoints when no OpenAPI file was given with a dash', () => {
    expect(renderListing({ ...listing, endpoints: [endpoint({ declared: null, status: null })] })).toContain(
      '/v1/chat/completions  –           20  openai-chat',
    );
  });
});
