import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeHost, safeName, templatePath } from '../../src/telemetry/path-template.ts';

const KEPT = [
  '/',
  '*',
  '/v1/chat/completions',
  '/v1/messages',
  '/api/v2.0/users',
  '/v1beta1/models/gemini-1.5-pro:generateContent',
  '/openai/deployments/gpt-4/chat/completions',
  '/models/gpt-4-0613',
  '/models/llama-3.1-70b-instruct',
  '/oauth2callback',
  '/batchGenerateEmbeddingsForModels',
  '/internal/dev/accounts',
  '/swagger-ui/index.html',
  '/.well-known/openid-configuration',
  '/users/{id}/orders',
  '/users/{userId}',
  '/users/:id',
  '/healthz',
  '/facade/decade/defaced',
];

const TEMPLATED: readonly (readonly [path: string, template: string])[] = [
  ['/users/42/orders/9f1c0a7e', '/users/{id}/orders/{id}'],
  ['/users/550e8400-e29b-41d4-a716-446655440000', '/users/{id}'],
  ['/users/550E8400-E29B-41D4-A716-446655440000/', '/users/{id}/'],
  ['/events/01ARZ3NDEKTSV4RRFFQ69G5FAV', '/events/{id}'],
  ['/commits/deadbeefdeadbeefdeadbeefdeadbeefdeadbeef', '/commits/{id}'],
  ['/v1/threads/thread_5j66UpCpwteGg4YSxUnt7lPY/runs', '/v1/threads/{id}/runs'],
  ['/v1/files/file-abc123XYZ789', '/v1/files/{id}'],
  ['/customers/cus_NffrFeUfNV2Hib', '/customers/{id}'],
  ['/t/dGhpcyBpcyBhIHNlY3JldA', '/t/{id}'],
  ['/t/QmFzZUlzTm90QVdvcmQ', '/t/{id}'],
  ['/orders/order-1234', '/orders/{id}'],
  ['/invoices/INV-2024-000123', '/invoices/{id}'],
  ['/ssn/123-45-6789', '/ssn/{id}'],
  ['/cards/4111111111111111', '/cards/{id}'],
  ['/reports/2024-01-31', '/reports/{date}'],
  ['/reports/2024-01', '/reports/{date}'],
  ['/reports/2024-01-31T10:00:00Z', '/reports/{date}'],
  ['/models/claude-3-5-sonnet-20240620-v1:0', '/models/claude-3-5-sonnet-{date}-v1:0'],
  ['/model/anthropic.claude-3-5-sonnet-20240620-v1%3A0/invoke', '/model/anthropic.claude-3-5-sonnet-{date}-v1:0/invoke'],
  ['/users/jane.doe@example.com', '/users/{email}'],
  ['/users/jane.doe%40example.com/mail', '/users/{email}/mail'],
  ['/search/two%20words', '/search/{text}'],
  ['/search/%C3%A9t%C3%A9', '/search/{text}'],
  ['/search/%ff', '/search/{text}'],
  ['/search/%zz', '/search/{text}'],
  ['/users/42?token=abc#part', '/users/{id}'],
  [`/blob/${'word-'.repeat(20)}`, '/blob/{text}'],
  [`${'/a'.repeat(40)}`, `${'/a'.repeat(32)}/{rest}`],
];

describe('a path leaves with its id-like segments typed', () => {
  it('has the rows it should have', () => expect([KEPT.length, TEMPLATED.length]).toEqual([19, 28]));

  it.each(KEPT)('keeps %s', (path) => expect(templatePath(path)).toBe(path));

  it.each(TEMPLATED)('writes %s as %s', (path, template) => expect(templatePath(path)).toBe(template));

  it('is not changed by a second templating', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webPath(), fc.string(), fc.constantFrom(...KEPT)), (path) => {
        expect(templatePath(templatePath(path))).toBe(templatePath(path));
      }),
    );
  });

  it('types any number, UUID, ULID and hex id wherever it stands', () => {
    const id = fc.oneof(fc.integer({ min: 1, max: 1e12 }).map(String), fc.uuid(), fc.ulid());
    fc.assert(
      fc.property(id, (value) => {
        expect(templatePath(`/things/${value}/parts`)).toBe('/things/{id}/parts');
      }),
    );
  });

  it('is bounded for any input', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5000 }), (path) => {
        expect(templatePath(path).length).toBeLessThanOrEqual(34 * 66);
      }),
    );
  });

  it('replaces the segments a detector recognises and no others', () => {
    const redact = (text: string) => text.replaceAll('aurora', '[REDACTED:leak.codename]');
    expect(templatePath('/projects/aurora/plans', redact)).toBe('/projects/{text}/plans');
  });

  it('gives nothing of a path in which a detector recognises something across a slash', () => {
    const redact = (text: string) => text.replaceAll('project/aurora', '[REDACTED:leak.codename]');
    expect(templatePath('/project/aurora/plans', redact)).toBe('/{text}');
  });
});

describe('a name leaves bounded and printable', () => {
  it('replaces control, bidi and zero-width characters and lone surrogates', () => {
    expect(safeName('gpt\n4\u202eo\u200b\u0085 \ud800x')).toBe('gpt 4 o   \ufffdx');
  });

  it('cuts at the limit and marks the cut', () => expect(safeName('x'.repeat(500), undefined, 10)).toBe(`${'x'.repeat(9)}…`));

  it('lets detectors see more than what leaves, so that nothing is cut in half first', () => {
    const secret = ['AKIA', 'Q'.repeat(16)].join('');
    const redact = (text: string) => text.replaceAll(secret, '[REDACTED]');
    expect(safeName(`${'m'.repeat(120)}${secret}`, redact)).toBe(`${'m'.repeat(120)}[REDACT…`);
  });

  it.each([
    ['API.Example.com:8443', 'api.example.com', 8443],
    ['127.0.0.1:10000', '127.0.0.1', 10000],
    ['[::1]:80', '[::1]', 80],
    ['::1', '::1', undefined],
    ['user:secret@example.com', 'example.com', undefined],
    ['9f1c0a7e4b2d.tenants.example.com', '{id}.tenants.example.com', undefined],
    ['localhost', 'localhost', undefined],
    ['api.example.com.', 'api.example.com', undefined],
    ['API.example.com.:443', 'api.example.com', 443],
    ['', '', undefined],
  ] as const)('reads host %s', (authority, address, port) => expect(safeHost(authority)).toEqual({ address, port }));
});
