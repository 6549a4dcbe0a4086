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

  it('names a file that cannot be read', async () => {
    await expect(loadDeclared(['/nowhere/spec.yaml'])).rejects.toThrow('/nowhere/spec.yaml');
  });
});
