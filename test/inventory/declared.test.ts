import { describe, expect, it } from 'vitest';
import { type Declared, declaredBy, type EndpointName, loadDeclared } from '../../src/inventory/declared.ts';

const SPEC = `
openapi: 3.1.0
info: {title: t, version: '1'}
servers: [{url: 'https://api.bank.example/base/'}, {url: 'https://{region}.bank.example/{stage}'}]
paths:
  /accounts/{id}: {get: {}, delete: {}}
  /reports/{name}.json: {get: {}}
  /releases/2024-01-31: {get: {}}
  /open: {servers: [{url: /}], post: {}}
  /shared: {$ref: '#/components/pathItems/Shared'}
components: {pathItems: {Shared: {put: {}}}}
`;

/** What the inventory makes of it: undefined without any file. */
const covers = (declared: Declared, endpoint: EndpointName): boolean | undefined =>
  declared.given ? declared.find(endpoint) !== undefined : undefined;

const ROWS: readonly (readonly [method: string, host: string, path: string, declared: boolean])[] = [
  ['GET', 'api.bank.example', '/base/accounts/{id}', true],
  ['GET', 'api.bank.example', '/base/accounts/alice', true],
  ['HEAD', 'api.bank.example', '/base/accounts/{id}', true],
  ['POST', 'api.bank.example', '/base/accounts/{id}', false],
  ['GET', 'api.bank.example', '/accounts/{id}', false],
  ['GET', 'api.bank.example', '/base/accounts/', false],
  ['GET', 'api.bank.example', '/base/accounts/{id}/secret', false],
  ['GET', 'other.example', '/base/accounts/{id}', true],
  ['GET', '127.0.0.1', '/base/accounts/{id}', true],
  ['GET', 'api.bank.example', '/base/reports/year.json', true],
  ['GET', 'api.bank.example', '/base/reports/{id}', true],
  ['GET', 'api.bank.example', '/base/reports/year.xml', false],
  ['GET', 'api.bank.example', '/base/releases/{date}', true],
  ['POST', 'any.example', '/open', true],
  ['PUT', 'api.bank.example', '/base/shared', true],
];

describe('what an OpenAPI file declares', () => {
  it('has the rows it should have', () => expect(ROWS.length).toBe(15));

  it.each(ROWS)('%s %s%s: %s', (method, host, path, declared) => {
    expect(covers(declaredBy([{ file: 's.yaml', text: SPEC }]), { method, host, path })).toBe(declared);
  });

  it('binds to its host when the server names one', () => {
    const text = 'openapi: 3.0.3\nservers: [{url: "https://api.bank.example:8443/v1"}]\npaths: {/x: {get: {}}}';
    const declared = declaredBy([{ file: 's.yaml', text }]);
    expect(
      ['api.bank.example', 'api.openai.com', 'localhost'].map((host) => covers(declared, { method: 'GET', host, path: '/v1/x' })),
    ).toEqual([true, false, true]);
  });

  it('reads JSON as well', () => {
    const text = JSON.stringify({ openapi: '3.0.0', paths: { '/x': { get: {} } } });
    expect(covers(declaredBy([{ file: 's.json', text }]), { method: 'GET', host: 'h', path: '/x' })).toBe(true);
  });

  it('knows nothing without files', async () => {
    expect(covers(await loadDeclared([]), { method: 'GET', host: 'h', path: '/x' })).toBeUndefined();
  });

  it.each([
    ['paths: {/x: {get: {}}}', 'no `openapi: 3.x`'],
    ['swagger: "2.0"', 'no `openapi: 3.x`'],
    ['openapi: 3.1.0\npaths: [unclosed', 's.yaml:2:'],
    ['openapi: 3.1.0\npaths: {/x: {$ref: other.yaml}}', 'another file'],
    ['openapi: 3.1.0\npaths: {/x: {$ref: "#/nowhere"}}', 'not in the file'],
  ])('refuses %j with a reason', (text, reason) => {
    expect(() => declaredBy([{ file: 's.yaml', text }])).toThrow(reason);
  });

  describe('a schema that refers to itself', () => {
    const fields = Array.from({ length: 12 }, (_, at) => [`f${at}`, { $ref: '#/components/schemas/Node' }]);
    const node = { type: 'object', properties: { name: { type: 'string' }, ...Object.fromEntries(fields) } };
    const wide = { type: 'object', properties: Object.fromEntries(fields.map(([name]) => [name, { $ref: '#/components/schemas/Deep0' }])) };
    const deep = Array.from({ length: 11 }, (_, at) => {
      const next = { $ref: `#/components/schemas/${at < 10 ? `Deep${at + 1}` : 'Leaf'}` };
      return [`Deep${at}`, { type: 'object', properties: { left: next, right: next, middle: next } }];
    });
    const operationsOf = (schema: object): Declared['operations'] => {
      const content = { 'application/json': { schema } };
      const paths = { '/x': { post: { requestBody: { content } } } };
      const schemas = { Node: node, Wide: wide, Leaf: { type: 'string' }, ...Object.fromEntries(deep) };
      return declaredBy([{ file: 's.json', text: JSON.stringify({ openapi: '3.1.0', paths, components: { schemas } }) }]).operations;
    };

    it('is compared down to where it comes again', () => {
      const [operation] = operationsOf({ $ref: '#/components/schemas/Node' });
      const open = Object.fromEntries(fields.map(([name]) => [name, {}]));
      expect(operation?.requestSchema).toEqual({ type: 'object', properties: { name: { type: 'string' }, ...open } });
    });

    it('is compared to its end as long as it stays small, and is open beyond', () => {
      const small = JSON.stringify(operationsOf({ $ref: '#/components/schemas/Deep7' })[0]?.requestSchema);
      const large = JSON.stringify(operationsOf({ $ref: '#/components/schemas/Wide' })[0]?.requestSchema);
      expect([small.split('"string"').length - 1, large.split('"type"').length - 1]).toEqual([3 ** 4, 5000]);
    });

    it('leaves an allOf open in which it stands', () => {
      const [operation] = operationsOf({ allOf: [{ anyOf: [{}] }, { type: 'object', properties: { name: { type: 'string' } } }] });
      expect(operation?.requestSchema).toMatchObject({ properties: { name: { type: 'string' } }, additionalProperties: true });
    });
  });

  it('names a file that cannot be read', async () => {
    await expect(loadDeclared(['/nowhere/spec.yaml'])).rejects.toThrow('/nowhere/spec.yaml');
  });
});
