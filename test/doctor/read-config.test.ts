import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEnvoyConfig } from '../../src/doctor/read-config.ts';
import { asDump, changed, findingsOf, type Message, shippedText } from './envoy-parts.ts';

const XDS_ONLY = 'dynamic_resources: {lds_config: {path_config_source: {path: /etc/envoy/lds.yaml}}}\n';

describe('reading a configuration', () => {
  test.each([
    ['nothing', '', 'it has neither "configs" (a config_dump) nor "static_resources" (a bootstrap)'],
    ['another document', '{"a": 1}', 'it has neither "configs" (a config_dump) nor "static_resources" (a bootstrap)'],
    ['half a dump', '{"configs": [', 'it is not valid JSON'],
    ['no YAML', 'a: 1\nb: [', 'it is not valid YAML (line 2, column 5)'],
    ['listeners by discovery alone', XDS_ONLY, 'its listeners come by discovery (lds_config): only a running Envoy shows them'],
    [
      'the same beside clusters',
      `${XDS_ONLY}static_resources: {clusters: []}`,
      'its listeners come by discovery (lds_config): only a running Envoy shows them',
    ],
    ['aliases that explode', bomb(), 'it is not valid YAML: an alias without its anchor, or too many of them'],
  ])('%s is a reason, not a throw', (_, text, reason) => {
    expect(readEnvoyConfig(text)).toEqual({ ok: false, reason });
  });

  test('field names in camel case, enums as numbers and wrapped values mean the same', () => {
    const snake = shippedText('default').replace('failure_mode_allow: false', 'failure_mode_allow: true');
    const camel = snake
      .replace('failure_mode_allow: true', 'failureModeAllow: {value: true}')
      .replace('request_body_mode: BUFFERED', 'requestBodyMode: 2')
      .replace('per_connection_buffer_limit_bytes: 16777216', 'perConnectionBufferLimitBytes: {value: "16777216"}');
    expect(camel).not.toBe(snake);
    expect(findingsOf(camel)).toEqual(findingsOf(snake));
  });

  test.each(['yes', 'Y', 'ON', 'on', 't', 'True', '"true"', "'yes'", '"1"'])('%s is true, as Envoy has it', (written) => {
    const open = shippedText('default').replace('failure_mode_allow: false', `failure_mode_allow: ${written}`);
    expect(findingsOf(open).map(({ check }) => check)).toEqual(['fail-open']);
  });

  test.each(['no', 'off', 'False', 'n', '"0"'])('%s is false, as Envoy has it', (written) => {
    const closed = shippedText('default').replace('failure_mode_allow: false', `failure_mode_allow: ${written}`);
    expect(findingsOf(closed)).toEqual([]);
  });

  test('names of enums count in any letter case', () => {
    const lower = shippedText('default').replace('request_body_mode: BUFFERED', 'request_body_mode: buffered');
    expect(findingsOf(lower)).toEqual([]);
  });

  test('of a key that is written twice the last one counts', () => {
    const twice = shippedText('default').replace(
      /^( *)failure_mode_allow: false.*$/m,
      '$1failure_mode_allow: false\n$1failure_mode_allow: true',
    );
    expect(findingsOf(twice).map(({ check }) => check)).toEqual(['fail-open']);
  });

  test('an anchor may be used by hundreds of routes', () => {
    const routes = Array.from({ length: 300 }, (_, i) => `{name: r${i}, match: {prefix: /r${i}}, route: *to}`);
    const text = shippedText('default').replace(
      / *- name: provider\n +match:[\s\S]*?timeout: 0s.*\n/,
      `                        [{name: rest, match: {prefix: /rest}, route: &to {cluster: provider, timeout: 0s}}, ${routes.join(', ')}]\n`,
    );
    expect(text).toContain('/r299');
    expect(findingsOf(text)).toEqual([]);
  });

  test('a configuration nested deeper than protobuf allows is read as far as that', () => {
    const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
    expect(readEnvoyConfig(`{"configs":[],"x":${deep}}`).ok).toBe(true);
  });

  test('whatever stands in any field, nothing throws', () => {
    const dump = asDump(changed('upgrades', () => {}));
    const places = leavesOf(dump).filter((at) => at.length > 1);
    expect(places.length).toBeGreaterThan(80);
    const junk = fc.oneof(fc.jsonValue(), fc.constant({}), fc.constant([]), fc.constant('FULL_DUPLEX_STREAMED'), fc.constant('-1s'));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(places.length - 1), junk), { minLength: 1, maxLength: 5 }), (changes) => {
        const copy = structuredClone(dump);
        for (const [at, value] of changes) replace(copy, places[at]!, structuredClone(value));
        expect(Array.isArray(findingsOf(copy))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

/** Paths to every value, messages and lists included. */
function leavesOf(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  const own = at.length === 0 ? [] : [at];
  if (typeof value !== 'object' || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([key, one]) => leavesOf(one, [...at, key]))];
}

/** Does nothing when an earlier change has removed the place. */
function replace(root: Message, at: readonly string[], value: unknown): void {
  let parent: unknown = root;
  for (const key of at.slice(0, -1)) parent = typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined;
  if (typeof parent === 'object' && parent !== null) Reflect.set(parent, at.at(-1)!, value);
}

function bomb(): string {
  const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`);
  return `l0: &l0 [x]\n${levels.join('\n')}\n`;
}
