import { describe, expect, test } from 'vitest';
import type { Operation } from '../../src/inventory/declared.ts';
import { driftOf } from '../../src/inventory/drift.ts';
import { draftFact } from '../../src/inventory/facts.ts';
import { shapeOfSample } from '../../src/inventory/shape.ts';

const DECLARED = {
  type: 'object',
  required: ['total', 'billing', 'shipping'],
  properties: { total: { type: 'number' }, billing: { type: 'object' }, shipping: { type: 'object' } },
};
const OPERATION = { statuses: [], requestSchema: DECLARED } as unknown as Operation; // the parts that are looked at

const driftsOf = (lines: readonly string[]) =>
  driftOf({ ...draftFact('endpoints', ['POST', 'h', '/orders']), request: shapeOfSample(lines) }, OPERATION).map(
    ({ kind, where }) => `${kind} ${where}`,
  );

describe('a body that was learned as a table', () => {
  test('contradicts no field that is declared as required: it may be one of its keys', () => {
    expect(driftsOf([' object', '/total number', '/{key} object', '/{key}/street string'])).toEqual([]);
  });

  test('still says that another field is not always there, and what is not declared', () => {
    const partial = [' object', '/total? number', '/note string', '/{key} object'];
    expect(driftsOf(partial)).toEqual(['undeclared-field request/note', 'missing-field request/total']);
  });

  test('and a body of fields alone says all that is missing', () => {
    expect(driftsOf([' object', '/total number'])).toEqual(['missing-field request/billing', 'missing-field request/shipping']);
  });
});
