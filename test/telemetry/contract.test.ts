import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ATTRIBUTES, LOG_EVENTS } from '../../src/telemetry/contract.ts';
import { exchangeSpan, traced } from '../../src/telemetry/exchange-span.ts';
import { findingAttributes } from '../../src/telemetry/finding-attributes.ts';
import { HTTP_REVISION } from '../../src/telemetry/semconv.ts';
import { renderTelemetry, revisionOf } from './contract-page.ts';
import { deniedRecord, exchangeRecord, finding } from './records.ts';

const root = path.resolve(import.meta.dirname, '../..');
// The names as the SDK's own copy of the conventions has them: package-lock.json pins it.
const ofSdk = createRequire(createRequire(import.meta.url).resolve('@opentelemetry/sdk-node'));
const conventions: object = ofSdk('@opentelemetry/semantic-conventions/incubating');
const published: ReadonlySet<unknown> = new Set(Object.values(conventions));
const names = Object.keys(ATTRIBUTES);
const namesOf = (revision: string): readonly string[] => names.filter((name) => revisionOf(name) === revision);

it('docs/telemetry.md is what the contract says (npm run docs)', () => {
  expect(readFileSync(path.join(root, 'docs/telemetry.md'), 'utf8')).toBe(renderTelemetry());
});

describe('the names', () => {
  it('are those of the revision that is named', () => {
    const entry = ofSdk.resolve('@opentelemetry/semantic-conventions');
    const manifest: unknown = JSON.parse(readFileSync(path.join(path.dirname(entry), '../package.json'), 'utf8'));
    expect(manifest).toMatchObject({ version: HTTP_REVISION });
  });

  it.each([
    ['http', 12],
    ['genAi', 11],
  ])('of %s are all published: %d', (revision, count) => {
    expect(namesOf(revision)).toHaveLength(count);
    expect(namesOf(revision).filter((name) => !published.has(name))).toEqual([]);
  });

  it('of the guardrail proposal are not published yet', () => {
    expect(namesOf('guardrail')).toHaveLength(9);
    expect(namesOf('guardrail').filter((name) => published.has(name))).toEqual([]);
  });
});

describe('what is sent', () => {
  const TYPES = { string: 'string', int: 'number', double: 'number', boolean: 'boolean', 'string[]': 'object' } as const;
  const sources = { redact: (text: string) => text, hashId: () => 'hash' };
  const randomHex = (digits: number): string => '1'.repeat(digits);
  const spans = [exchangeRecord(), deniedRecord()].map((record) => exchangeSpan(traced(record, randomHex), sources));
  const sent = [...spans.map(({ attributes }) => attributes), findingAttributes(deniedRecord(), finding())];

  it('has the types that are promised', () => {
    const wrong = sent
      .flatMap((attributes) => Object.entries(attributes))
      .filter(([name, value]) => TYPES[ATTRIBUTES[name as keyof typeof ATTRIBUTES]?.type] !== typeof value);
    expect(wrong).toEqual([]);
  });

  it.each([
    ['exchange', spans.map(({ attributes }) => attributes)],
    ['finding', [findingAttributes(deniedRecord(), finding())]],
  ] as const)('has on every %s what is there always', (place, all) => {
    const always = Object.entries(ATTRIBUTES).filter(([, { on, when }]) => when === '' && (on as readonly string[]).includes(place));
    expect(always.length).toBeGreaterThan(10);
    expect(all.flatMap((attributes) => always.filter(([name]) => !(name in attributes)).map(([name]) => name))).toEqual([]);
  });
});

it('every event of the log has its fields told', () => {
  const folder = path.join(root, 'src/cli');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const sources = files.map((name) => readFileSync(path.join(folder, name), 'utf8'));
  const events = sources.flatMap((source) =>
    Array.from(source.matchAll(/log(?:\.\w+\(|\()?\{? ?\{ event: '([\w.-]+)'/g), ([, event]) => event),
  );
  expect(events.length).toBeGreaterThan(8);
  expect(events.filter((event) => !(String(event) in LOG_EVENTS))).toEqual([]);
});
