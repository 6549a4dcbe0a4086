import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { createLaneEngine, type LaneEngineOptions } from '../../src/detect/lane-engine.ts';
import type { Rule } from '../../src/detect/scan.ts';
import { lintPolicy } from '../../src/policy/lint.ts';
import type { Profile } from '../../src/policy/policy.ts';
import { LANES } from '../../src/text/lane.ts';
import { loaded, OPTIONS } from './compiled.ts';

const DIRECTIONS = ['request', 'response'] as const;
const QUERY = { routeName: undefined, host: 'api.test', path: '/' };

describe('a compiled policy', () => {
  it('has one engine for lanes and profiles with equal rules', () => {
    const made: (readonly Rule[])[] = [];
    const counting = (rules: readonly Rule[], options?: LaneEngineOptions) => {
      made.push(rules);
      return createLaneEngine(rules, options);
    };
    const policy = loaded(
      'version: 1\ndetectors: {leak.system-prompt: {action: redact}}\nprofiles: {same: {}}\nroutes: [{match: {routeName: r}, profile: same}]',
      { createEngine: counting },
    );
    const { profile } = policy.route(QUERY);
    const { profile: same } = policy.route({ ...QUERY, routeName: 'r' });
    expect([profile.name, same.name]).toEqual(['default', 'same']);
    const all = (from: Profile) => [
      ...DIRECTIONS.flatMap((direction) => LANES.map((lane) => from.engine(lane, direction))),
      ...LANES.map((lane) => from.claimedEngine(lane)),
    ];
    expect(profile.engine('reasoning', 'response')).toBe(profile.engine('refusal', 'response'));
    expect(profile.engine('user', 'request')).not.toBe(profile.engine('output', 'response'));
    expect(all(profile)).toEqual(all(same));
    expect(made).toHaveLength(new Set(all(profile)).size);
  });

  it('reads a lane that the client chose with the rules of the lane and of `user`, the stronger action of both', () => {
    const made = new Map<unknown, readonly Rule[]>();
    const counting = (rules: readonly Rule[], options?: LaneEngineOptions) => {
      const engine = createLaneEngine(rules, options);
      made.set(engine, rules);
      return engine;
    };
    const text = [
      'version: 1',
      'detectors:',
      '  pii.email: {action: deny, lanes: [user]}',
      '  pii.card: {action: redact, lanes: [system]}',
      '  pii.iban: {action: off}',
    ].join('\n');
    const { profile } = loaded(text, { createEngine: counting }).route(QUERY);
    const action = (engine: unknown, id: string) => made.get(engine)!.find((rule) => rule.id === id)?.action;
    const engines = [profile.engine('system', 'request'), profile.claimedEngine('system'), profile.claimedEngine('user')];
    expect(['pii.email', 'pii.card', 'pii.iban'].map((id) => engines.map((engine) => action(engine, id)))).toEqual([
      ['observe', 'deny', 'deny'],
      ['redact', 'redact', 'observe'],
      [undefined, undefined, undefined],
    ]);
  });

  it('warms each of its engines once, and none before it is asked to', () => {
    const warmed: (readonly Rule[])[] = [];
    const counting = (rules: readonly Rule[], options?: LaneEngineOptions) => ({
      ...createLaneEngine(rules, options),
      longest: 0,
      warm: () => void warmed.push(rules),
    });
    const policy = loaded('version: 1', { createEngine: counting, catalogue: CATALOGUE.slice(0, 3) });
    expect(warmed).toEqual([]);
    policy.warm();
    const { profile } = policy.route(QUERY);
    const engines = DIRECTIONS.flatMap((direction) => LANES.flatMap((lane) => profile.engine(lane, direction) ?? []));
    expect(warmed).toHaveLength(new Set(engines).size);
    expect(new Set(warmed)).toEqual(new Set(engines.map(({ rules }) => rules)));
  });

  it('has what phrases need made in many small steps, and nothing where they are off', () => {
    const steps = (text: string): number =>
      Array.from(loaded(text, { createEngine: createLaneEngine, catalogue: CATALOGUE }).warmRest()).length;
    expect(steps('version: 1')).toBeGreaterThan(100);
    expect(steps('version: 1\ndetectors: {"*": {action: off}, pii.email: {action: redact}}')).toBe(0);
  });

  it('reads answers while they are written, and everything else as a whole', () => {
    const { profile } = loaded('version: 1').route(QUERY);
    const streamed = LANES.filter((lane) => profile.engine(lane, 'response') !== profile.engine(lane, 'request'));
    expect(streamed).toEqual(['tool-arguments', 'output', 'refusal', 'reasoning', 'other']);
  });

  it('has no engine where nothing looks', () => {
    const policy = loaded('version: 1\ndetectors: {"*": {action: off}, injection.direct: {action: deny}}');
    const { profile } = policy.route(QUERY);
    expect(profile.engine('output', 'response')).toBeUndefined();
    expect(profile.engine('user', 'request')?.rules.map(({ id }) => id)).toEqual(['injection.direct']);
  });

  it('finds what an operator wrote, with its keyword near and not without', () => {
    const yaml = [
      'version: 1',
      'extends: none',
      'detectors:',
      '  leak.codename:',
      "    pattern: '(?i)\\bproject[ -][a-z]{3,10}\\b'",
      '    keywords: [Aurora, status]',
      '    action: deny',
      '    examples: {finds: ["status of Project Borealis", "PROJECT aurora"], ignores: ["Project Borealis", "aurora borealis photos"]}',
    ];
    const scan = loaded(yaml.join('\n')).route(QUERY).profile.engine('user', 'request')!.open({ stopAtDenial: true });
    scan.push('Tell me about Project-Aurora now');
    scan.end();
    expect(scan.denied).toMatchObject({
      start: 14,
      end: 28,
      rule: { id: 'leak.codename', action: 'deny', confidence: 1, severity: 'medium' },
    });
  });

  it('observes when told so from outside, and then denies by no fail mode either', () => {
    const { mode, failMode } = loaded('version: 1\nmode: enforce\nfailMode: {onOpaque: deny}', { mode: 'observe' });
    expect({ mode, failMode }).toEqual({
      mode: 'observe',
      failMode: { request: 'open', response: 'open', onLimit: 'allow', onUninspectable: 'allow', onOpaque: 'allow' },
    });
  });

  it('takes fail modes one by one', () => {
    expect(loaded('version: 1\nfailMode: {response: open, onOpaque: deny}').failMode).toEqual({
      request: 'closed',
      response: 'open',
      onLimit: 'deny',
      onUninspectable: 'deny',
      onOpaque: 'deny',
    });
  });
});

describe('the version of a policy', () => {
  const versionOf = (yaml: string): string => loaded(`version: 1\n${yaml}`).version;
  const plain = versionOf('');

  it('is twelve hex digits', () => {
    expect(plain).toMatch(/^[0-9a-f]{12}$/);
  });

  it.each([
    '# a comment',
    'extends: builtin/balanced',
    'mode: enforce',
    'limits: {bodyBytes: 10485760}',
    'detectors: {pii.card: {action: redact}}',
  ])('is the same for a file that says the same with %j', (yaml) => {
    expect(versionOf(yaml)).toBe(plain);
  });

  it.each([
    'mode: observe',
    'failMode: {onOpaque: deny}',
    'limits: {bodyBytes: 1MiB}',
    'detectors: {pii.card: {action: deny}}',
    'detectors: {leak.x: {pattern: a}}',
    'profiles: {x: {}}',
    'routes: [{match: {host: x}, dialect: generic}]',
  ])('changes with %j', (yaml) => {
    expect(versionOf(yaml)).not.toBe(plain);
  });
});

describe('lintPolicy', () => {
  it('prints errors with their place', () => {
    expect(lintPolicy({ file: 'a/p.yaml', text: 'version: 1\nmodee: x' }, OPTIONS)).toEqual({
      errors: [{ file: 'a/p.yaml', line: 2, column: 1, message: 'unknown key "modee"; did you mean "mode"?' }],
      warnings: [],
      lines: ['a/p.yaml:2:1: error: unknown key "modee"; did you mean "mode"?'],
      version: undefined,
    });
  });

  it('prints warnings of a policy that loads, and its version', () => {
    const report = lintPolicy(
      { file: 'p.yaml', text: 'version: 1\ndetectors: {leak.q: {pattern: abc}}' },
      { createEngine: createLaneEngine, catalogue: CATALOGUE },
    );
    expect(report.lines).toEqual([
      'p.yaml:2:13: warning: detectors › leak.q › has no examples.finds: nothing shows that the pattern finds what it should',
    ]);
    expect(report.errors).toEqual([]);
    expect(report.version).toMatch(/^[0-9a-f]{12}$/);
  });
});
