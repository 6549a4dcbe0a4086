import { describe, expect, test } from 'vitest';
import { headOf, headToRecord, RECORDED_HEADERS } from '../../src/exchange/request-head.ts';
import { FORMATS } from '../../src/wire/formats/index.ts';

/** Where dialects with several providers and operations look at more than the path. */
const PATHS = [
  '/',
  '/v1/chat/completions',
  '/openai/deployments/d/chat/completions',
  '/model/m/invoke',
  '/v1beta/models/m:generateContent',
];

describe('the head that a record is made of', () => {
  test('has the headers of a record, and no other', () => {
    const head = headToRecord(
      headOf([[':path', '/a?b'], ['host', 'API.example'], ...RECORDED_HEADERS.map((name) => [name, `${name}!`] as const), ['cookie', 'c']]),
    );
    expect({ ...head, header: undefined }).toEqual({ method: '', path: '/a', host: 'api.example', header: undefined });
    expect(['cookie', 'host', ...RECORDED_HEADERS].map(head.header)).toEqual([
      undefined,
      undefined,
      ...RECORDED_HEADERS.map((name) => `${name}!`),
    ]);
  });

  test.each(FORMATS.map((format) => [format.id, format] as const))('has what %s says its provider and operation by', (_, format) => {
    const asked = new Set<string>();
    const header = (name: string): undefined => void asked.add(name);
    for (const path of PATHS)
      for (const host of ['api.example', 'x.openai.azure.com', 'openrouter.ai']) {
        const head = { method: 'POST', path, host, header };
        format.provider(head);
        format.operation(head);
      }
    expect([...asked].filter((name) => !RECORDED_HEADERS.some((known) => known === name))).toEqual([]);
  });
});
