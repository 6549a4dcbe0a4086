import { describe, expect, it } from 'vitest';
import { approvedBy } from '../../src/inventory/approved.ts';
import { type Catalog, createCatalog } from '../../src/inventory/catalog.ts';
import { declaredBy } from '../../src/inventory/declared.ts';
import { aiBom } from '../../src/inventory/export/ai-bom.ts';
import { csvOf } from '../../src/inventory/export/csv.ts';
import { openApiOf } from '../../src/inventory/export/learned-openapi.ts';
import { sarifOf } from '../../src/inventory/export/sarif.ts';
import { findingAnswer } from '../../src/inventory/finding-query.ts';
import { fold } from '../../src/inventory/fold.ts';
import { createLedger } from '../../src/inventory/ledger.ts';
import { openSqliteStore } from '../../src/inventory/stores/sqlite.ts';
import { ownSpan } from './spans.ts';

const RICH = ownSpan(
  {},
  {
    'http.route': '/users/{id}/files/{id}',
    'sluice.finding.count': 1,
    'sluice.finding.request.detectors': ['pii.card'],
    'sluice.finding.rows': ['pii.card|pii|high|0.99|user|request|redact|redact|10|16'],
    'sluice.tools.called': ['search'],
    'gen_ai.agent.name': 'planner',
    'sluice.request.shape': [' object', '/name string'],
    'sluice.request.content_type': 'application/json',
  },
);

async function catalog(): Promise<Catalog> {
  const ledger = createLedger({ store: await openSqliteStore(':memory:') });
  await ledger.add([RICH]);
  return createCatalog(await ledger.read(), { declared: declaredBy([]), approved: approvedBy({ version: 1 }) });
}

describe('CSV', () => {
  it.each([
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@sum', `"'@sum"`],
    ['＝1', `"'＝1"`],
    ['a\u001b[2Jb\nc', '"a [2Jb c"'],
    ['a,"b"', '"a,""b"""'],
    ['\t=1', `"' =1"`],
  ])('the text %j is no formula, no control and one cell', (text, cell) => {
    expect(csvOf(['name'], [{ name: text }])).toBe(`"name"\r\n${cell}\r\n`);
  });

  it('numbers stay numbers, lists are one cell, what is missing is empty', () => {
    expect(csvOf(['a', 'b', 'c', 'd'], [{ a: -1, b: ['x', 'y'], c: null }])).toBe('"a","b","c","d"\r\n-1,"x y",,\r\n');
  });
});

describe('documents for other tools', () => {
  it('SARIF has a rule for each detector and a place for each finding', async () => {
    const all = await catalog();
    const [row] = fold([RICH]).findings.values();
    const { runs } = sarifOf([findingAnswer(row!, all)], { toolVersion: '1.2.3', dismissals: [], leftOut: 7 });
    expect(runs[0]?.tool.driver).toMatchObject({ name: 'sluice', version: '1.2.3', rules: [{ id: 'pii.card' }] });
    expect(runs[0]?.properties).toEqual({ findingsLeftOut: 7 });
    expect(runs[0]?.results).toMatchObject([
      {
        ruleId: 'pii.card',
        ruleIndex: 0,
        level: 'error',
        locations: [{ logicalLocations: [{ fullyQualifiedName: 'POST api.bank.example/users/{id}/files/{id}' }] }],
      },
    ]);
  });

  it('CycloneDX names models, tools and agents, and services with the data that flows there', async () => {
    const bom = aiBom(await catalog(), { toolVersion: '1', time: '2026-11-21T00:00:00.000Z' });
    expect([bom.bomFormat, bom.specVersion]).toEqual(['CycloneDX', '1.6']);
    expect(bom.components.map(({ type, name }) => [type, name])).toEqual([
      ['machine-learning-model', 'gpt-4o'],
      ['application', 'search'],
      ['application', 'planner'],
    ]);
    expect(bom.services.map((service) => ['data' in service ? service.data : undefined, service.name])).toEqual([
      [undefined, 'openai'],
      [[{ flow: 'inbound', classification: 'pii.card' }], 'POST /users/{id}/files/{id}'],
    ]);
    const references = [...bom.components, ...bom.services].map((one) => one['bom-ref']);
    expect(new Set(references).size).toBe(references.length);
    expect(bom.dependencies.flatMap(({ ref, provides }) => [ref, ...provides]).every((one) => references.includes(one))).toBe(true);
  });

  it('OpenAPI gives every parameter a name of its own, and the schema that was learned', async () => {
    const { paths, openapi } = openApiOf(await catalog());
    expect([openapi, Object.keys(paths)]).toEqual(['3.1.0', ['/users/{id}/files/{id2}']]);
    expect(paths['/users/{id}/files/{id2}']?.['post']).toMatchObject({
      servers: [{ url: '//api.bank.example' }],
      parameters: [{ name: 'id' }, { name: 'id2' }],
      requestBody: { content: { 'application/json': { schema: { type: 'object', required: ['name'] } } } },
    });
  });
});
