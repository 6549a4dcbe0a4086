import { describe, expect, test } from 'vitest';
import { type ConditionResult, createConditionCompiler } from '../../../src/agents/conditions/condition.ts';
import { sizeOf } from '../../../src/agents/conditions/cost.ts';
import { AgentValue, EndpointValue, emailDomains, FUNCTIONS, ToolValue } from '../../../src/agents/conditions/environment.ts';
import { FIXED } from '../../../src/lib/limits.ts';

const conditions = createConditionCompiler();

function compile(source: string) {
  const compiled = conditions.compile(source);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.condition;
}

const messageOf = (source: string): string => {
  const compiled = conditions.compile(source);
  return compiled.ok ? 'compiled' : compiled.message;
};

const withArgs = (source: string, args: unknown): ConditionResult => compile(source).evaluate({ tool: new ToolValue('sql_query', args) });

const NO_DROP = 'tool.name != "sql_query" || !tool.args.query.lowerAscii().contains("drop")';

const JUDGED: readonly (readonly [title: string, source: string, args: unknown, result: ConditionResult])[] = [
  ['a text that has the word', NO_DROP, { query: 'DROP TABLE x' }, 'false'],
  ['a text without it', NO_DROP, { query: 'select 1' }, 'true'],
  ['an argument that is missing', NO_DROP, {}, 'error'],
  ['an argument of another type', NO_DROP, { query: 7 }, 'error'],
  ['arguments that are null', NO_DROP, null, 'error'],
  ['arguments that are a list', NO_DROP, ['drop'], 'error'],
  ['a number', 'tool.args.amount <= 100', { amount: 99.5 }, 'true'],
  ['a number over it', 'tool.args.amount <= 100', { amount: 101 }, 'false'],
  ['a number that is a text', 'tool.args.amount <= 100', { amount: '99' }, 'error'],
  ['an argument that decides without the missing one', 'has(tool.args.a) || tool.args.b == 1', { a: 1 }, 'true'],
  ['an entry of a list', 'tool.args.to in ["a@corp.example"]', { to: 'a@corp.example' }, 'true'],
  ['all addresses inside', 'emailDomains(tool.args.to).all(d, d == "corp.example")', { to: 'A <a@CORP.example>, b@corp.example' }, 'true'],
  ['one address outside', 'emailDomains(tool.args.to).all(d, d == "corp.example")', { to: 'a@corp.example; b@evil.example' }, 'false'],
  ['addresses in a list', 'emailDomains(tool.args.to).all(d, d == "corp.example")', { to: ['a@corp.example', 'b@evil.example'] }, 'false'],
  ['no addresses at all', 'emailDomains(tool.args.to).all(d, d == "corp.example")', { to: '' }, 'false'],
  ['addresses that are none', 'emailDomains(tool.args.to).all(d, d == "corp.example")', { to: 'a@evil.example@corp.example' }, 'false'],
  ['a pattern', 'tool.args.id.matches("^[a-z]+[0-9]$")', { id: 'ab1' }, 'true'],
  ['a pattern in a loop', 'tool.args.ids.all(x, x.matches("^[0-9]+$"))', { ids: ['1', 'a'] }, 'false'],
  ['an expression as an argument', NO_DROP, { query: '" || true || "' }, 'true'],
  ['a key that the language knows', 'tool.args.query == "x"', JSON.parse('{"query":"x","__proto__":{"y":1}}'), 'true'],
  ['a key that hides what it is', 'tool.args.inner.query == "x"', { inner: { constructor: 'x', query: 'x' } }, 'error'],
];

const REFUSED: readonly (readonly [title: string, source: string, message: RegExp])[] = [
  ['an unknown name', 'tol.name == "x"', /^unknown name "tol"; did you mean "tool"\?/],
  ['an unknown field', 'tool.nmae == "x"', /did you mean "name"\?/],
  ['an unknown function', 'tool.name.containz("x")', /^unknown function "containz"; did you mean "contains"\?/],
  ['a function of the clock', 'timestamp("2026-01-01T00:00:00Z").getHours("Asia/Tokyo") > 3', /^unknown function "(getHours|timestamp)"/],
  ['a binding, which doubles what it likes', 'cel.bind(a, tool.name, a == a)', /^unknown function "bind"/],
  ['syntax', 'tool.name ==', /Unexpected token/],
  ['a text for an answer', 'tool.name', /true or false, and gives string/],
  ['a mixed type', 'tool.name > 3', /no such overload/],
  ['a pattern from traffic', 'tool.name.matches(tool.args.pattern)', /needs a pattern that stands in the policy/],
  ['a pattern that only a backtracking engine runs', 'tool.name.matches("(a)\\\\1")', /not a pattern that RE2 can run/],
  ['a giant', `tool.name == "${'x'.repeat(FIXED.conditionUnits)}"`, /characters; 4096 are allowed/],
  ['many parts', Array(300).fill('tool.name=="x"').join('||'), /Exceeded maxAstNodes|characters/],
  ['deep nesting', `${'('.repeat(60)}true${')'.repeat(60)}`, /Exceeded maxDepth/],
  ['loops in loops in loops', 'tool.args.a.all(x, tool.args.a.all(y, tool.args.a.all(z, x + y + z != 3)))', /more than 200000 steps/],
];

describe('a condition', () => {
  test('has a row for everything that can go wrong', () => {
    expect([JUDGED.length, REFUSED.length]).toEqual([21, 14]);
  });

  test.each(JUDGED)('judges %s', (_, source, args, result) => {
    expect(withArgs(source, args)).toBe(result);
  });

  test.each(REFUSED)('is refused at load for %s', (_, source, message) => {
    expect(messageOf(source)).toMatch(message);
  });

  test('knows what it reads', () => {
    const facts = (source: string) => {
      const { variables, readsArguments } = compile(source);
      return [[...variables], readsArguments];
    };
    expect(facts('tool.name == "x"')).toEqual([['tool'], false]);
    expect(facts('tool.args.x == 1')).toEqual([['tool'], true]);
    expect(facts('["x"].all(one, tool.args[one] == 1)')).toEqual([['tool'], true]);
    expect(facts('agent.source != "api-key" && endpoint.method == "GET"')).toEqual([['agent', 'endpoint'], false]);
  });

  test('sees the caller and the endpoint', () => {
    const agent = new AgentValue({ name: 'a', source: 'jwt', person: 'p', session: '' });
    const endpoint = new EndpointValue({ method: 'GET', host: 'api.example', path: '/v1/x' });
    const { evaluate } = compile('agent.person != "" && endpoint.path.startsWith("/v1/")');
    expect(evaluate({ agent, endpoint })).toBe('true');
    expect(evaluate({ agent })).toBe('error');
  });

  test('does not run over arguments that are too large to be sure of its end', () => {
    const { evaluate, sizeMax } = compile('tool.args.ids.all(x, tool.args.ids.exists(y, x == y))');
    const of = (count: number) => evaluate({ tool: new ToolValue('x', { ids: Array(count).fill(1) }) });
    expect(sizeMax).toBe(128);
    expect([of(80), of(sizeMax)]).toEqual(['true', 'limit']);
  });

  test('takes long arguments where it only looks through them once', () => {
    const { evaluate, sizeMax } = compile(NO_DROP);
    const query = 'x'.repeat(sizeMax - 100);
    expect(sizeMax).toBeGreaterThanOrEqual(64 * 1024);
    expect(evaluate({ tool: new ToolValue('sql_query', { query }) })).toBe('true');
    expect(evaluate({ tool: new ToolValue('sql_query', { query: `${query}${query}` }) })).toBe('limit');
  });

  test('runs patterns by RE2: one that would never end ends', () => {
    const evil = 'tool.args.text.matches("^(a+)+$")';
    expect(withArgs(evil, { text: `${'a'.repeat(5000)}!` })).toBe('false');
    expect(withArgs('tool.args.texts.exists(x, x.matches("^(a+)+$"))', { texts: [`${'a'.repeat(5000)}!`] })).toBe('false');
    expect(withArgs('tool.args.texts.filter(x, x.matches("^(a+)+$")).size() == 0', { texts: [`${'a'.repeat(5000)}!`] })).toBe('true');
    expect(withArgs('tool.args.texts.map(x, x.matches("^(a+)+$")) == [false]', { texts: [`${'a'.repeat(5000)}!`] })).toBe('true');
  });

  test('has documented functions only', () => {
    expect(FUNCTIONS.toSorted()).toEqual([...new Set(FUNCTIONS)].toSorted());
  });
});

describe('the size of what a condition reads', () => {
  test.each([
    [null, 1],
    ['abc', 4],
    [[1, 'ab'], 5],
    [{ key: 'v' }, 6],
    [{ a: { b: [] } }, 5],
  ])('%j: %i', (value, size) => {
    expect(sizeOf(value, 1000)).toBe(size);
  });

  test('is not counted further than it is asked for', () => {
    expect(sizeOf(Array(1_000_000).fill('x'), 10)).toBeGreaterThan(10);
  });
});

describe('the domains of addresses', () => {
  test.each([
    ['a@b.example', ['b.example']],
    ['Ann <a@B.example>, b@c.example', ['b.example', 'c.example']],
    ['a@b.example\nbcc@evil.example', ['b.example', 'evil.example']],
    ['"x, y" <a@b.example>', ['', 'b.example']],
    ['a@b.example (x@evil.example)', ['']],
    ['<a@evil.example> a@b.example', ['']],
    ['@b.example', ['']],
    ['a@', ['']],
    ['a@b.example.', ['']],
    ['', ['']],
  ])('%j: %j', (text, domains) => {
    expect(emailDomains(text)).toEqual(domains);
  });
});
