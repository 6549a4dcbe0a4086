import { describe, expect, test } from 'vitest';
import { explainAgent, explanationLines, summariseAgents } from '../../../src/agents/permissions/explain.ts';
import { agentRows } from '../../../src/agents/permissions/schema.ts';
import { tighten } from '../../../src/agents/permissions/tighten.ts';
import { foldUsage, NO_USAGE, type Usage, usageSchema } from '../../../src/agents/permissions/usage.ts';
import type { Use } from '../../../src/agents/permissions/use.ts';
import { FIXED } from '../../../src/lib/limits.ts';
import { agentPolicy, documentOf } from '../agent-policy.ts';

const YAML =
  'agents: {bot: {identify: {spiffe: "spiffe://c/bot"}, models: ["gpt-5*"], tools: {allow: [sql_query, send_invoice], deny: [shell*]}}}';
const DAY_MS = Date.UTC(2026, 10, 1);
const tool = (name: string): Use => ({ kind: 'tool-declared', name });
const did = (usage: Usage, use: Use, permitted = true): Usage => foldUsage(usage, { agent: 'bot', use, permitted, unixMs: DAY_MS });

const uses: readonly (readonly [Use, boolean])[] = [
  [tool('sql_query'), true],
  [tool('sql_query'), true],
  [tool('shell_exec'), false],
  [{ kind: 'model', name: 'gpt-5-mini' }, true],
  [{ kind: 'endpoint', method: 'GET', host: 'api.example', path: '/users/{id}' }, true],
];
const usage = uses.reduce((sum, [use, permitted]) => did(sum, use, permitted), NO_USAGE);
const [, row] = agentRows(documentOf(YAML))[0]!;

describe('usage', () => {
  test('counts by agent, list and name, and reads back what it wrote', () => {
    expect(usage.agents['bot']?.lists.tools).toEqual([
      { name: 'sql_query', permitted: 2, refused: 0, lastMs: DAY_MS },
      { name: 'shell_exec', permitted: 0, refused: 1, lastMs: DAY_MS },
    ]);
    expect(usageSchema.parse(JSON.parse(JSON.stringify(usage)))).toEqual(usage);
  });

  test.each([
    [FIXED.usageNames - 1, 0],
    [FIXED.usageNames, 0],
    [FIXED.usageNames + 1, 1],
  ])('%i names: %i only counted', (count, forgotten) => {
    const many = Array.from({ length: count }, (_, index) => tool(`t${index}`)).reduce((sum, use) => did(sum, use), NO_USAGE);
    expect(many.agents['bot']?.forgotten).toBe(forgotten);
  });

  test('is explained beside what is granted', () => {
    expect(explanationLines(explainAgent('bot', row, usage.agents['bot']), { printable: (name) => name })).toEqual([
      'bot',
      '  is told by spiffe: spiffe://c/bot',
      '  models: 1 entry',
      '    gpt-5*  used 1×, last 2026-11-01',
      '  endpoints: everything that is not denied',
      '    GET api.example/users/{id}  used 1×, last 2026-11-01, by no entry',
      '  tools: 2 entries',
      '    sql_query  used 2×, last 2026-11-01',
      '    send_invoice  never used',
      '    shell_exec  refused 1×, last 2026-11-01',
    ]);
  });

  test('is summed up for a list of agents, strangers last', () => {
    const seen = foldUsage(usage, { agent: 'unknown', use: tool('x'), permitted: false, unixMs: DAY_MS });
    expect(summariseAgents(documentOf(YAML), agentPolicy(YAML), seen)).toEqual([
      { agent: 'bot', standing: 'proven', entries: 3, entriesUsed: 2, permitted: 4, refused: 1, lastMs: DAY_MS },
      { agent: 'unknown', standing: 'unknown', entries: 0, entriesUsed: 0, permitted: 0, refused: 1, lastMs: DAY_MS },
    ]);
  });
});

describe('a tightened row', () => {
  const proposal = tighten('bot', row, usage.agents['bot']);

  test('allows what was used and nothing else, as a diff to review', () => {
    const { diff } = proposal;
    const lines = diff.split('\n');
    expect(lines.filter((line) => line.startsWith('-'))).toEqual(['--- now', '-      - gpt-5*', '-        - send_invoice']);
    expect(lines).toContain('+      - gpt-5-mini');
    expect(lines).toContain('+      - GET api.example/users/*');
    expect(lines).toContain('         - shell*');
  });

  test('is its own tightening', () => {
    expect(tighten('bot', proposal.row, usage.agents['bot']).diff).toBe('');
  });

  test('never writes a name that would be a glob', () => {
    const { row: tight, notes } = tighten('bot', row, did(NO_USAGE, tool('*')).agents['bot']);
    expect(tight.tools?.allow).toEqual([]);
    expect(notes).toEqual(['tools: 1 names hold a "*" and cannot be written as they are; they are left out']);
  });
});
