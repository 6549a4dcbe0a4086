import { Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { createJsonSchema } from '../../../src/detect/outputs/json-schema.ts';
import { FIXED } from '../../../src/lib/limits.ts';
import { createRandom, LONG_RUN } from '../../support/random.ts';

interface Row {
  readonly name: string;
  readonly schema: unknown;
  readonly valid: readonly unknown[];
  readonly invalid: readonly unknown[];
}

const NODE = { type: 'object', properties: { next: { $ref: '#' } }, additionalProperties: false };

const ROWS: readonly Row[] = [
  { name: 'types', schema: { type: 'integer' }, valid: [1, 1.0, -3], invalid: [1.5, '1', null, true, [], {}] },
  { name: 'several types', schema: { type: ['string', 'null'] }, valid: ['', null], invalid: [0, [], {}] },
  { name: 'capital types and nullable', schema: { type: 'STRING', nullable: true }, valid: ['a', null], invalid: [1] },
  { name: 'an enum and a const', schema: { enum: ['a', { b: [1] }] }, valid: ['a', { b: [1] }], invalid: ['b', { b: [2] }, null] },
  { name: 'a const of null', schema: { const: null }, valid: [null], invalid: [0, ''] },
  {
    name: 'required and closed objects',
    schema: { required: ['a'], properties: { a: { type: 'string' } }, additionalProperties: false },
    valid: [{ a: '' }],
    invalid: [{}, { a: 1 }, { a: '', b: 1 }],
  },
  { name: 'a name that every object inherits', schema: { required: ['toString'] }, valid: [{ toString: 1 }], invalid: [{}] },
  {
    name: 'patterns of names',
    schema: { patternProperties: { '^x-': { type: 'number' } }, additionalProperties: false },
    valid: [{ 'x-a': 1 }],
    invalid: [{ 'x-a': '' }, { y: 1 }],
  },
  { name: 'names', schema: { propertyNames: { maxLength: 2 } }, valid: [{ ab: 1 }], invalid: [{ abc: 1 }] },
  { name: 'counts of fields', schema: { minProperties: 1, maxProperties: 2 }, valid: [{ a: 1 }], invalid: [{}, { a: 1, b: 2, c: 3 }] },
  {
    name: 'dependents',
    schema: { dependentRequired: { a: ['b'] }, dependentSchemas: { c: { required: ['d'] } } },
    valid: [{ a: 1, b: 1 }, {}],
    invalid: [{ a: 1 }, { c: 1 }],
  },
  { name: 'lists', schema: { items: { type: 'number' }, minItems: 1, maxItems: 2 }, valid: [[1], [1, 2]], invalid: [[], ['a'], [1, 2, 3]] },
  { name: 'tuples', schema: { prefixItems: [{ type: 'string' }], items: false }, valid: [['a'], []], invalid: [[1], ['a', 1]] },
  {
    name: 'tuples of earlier drafts',
    schema: { items: [{ type: 'string' }], additionalItems: false },
    valid: [['a']],
    invalid: [[1], ['a', 1]],
  },
  {
    name: 'unique elements',
    schema: { uniqueItems: true },
    valid: [[1, '1', { a: 1, b: 2 }]],
    invalid: [
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    ],
  },
  { name: 'contained elements', schema: { contains: { const: 1 }, maxContains: 1 }, valid: [[1, 2]], invalid: [[2], [1, 1]] },
  { name: 'lengths in characters', schema: { minLength: 2, maxLength: 2 }, valid: ['ab', '😀😀'], invalid: ['a', '😀', 'abc'] },
  { name: 'patterns', schema: { pattern: '^[a-z]*$' }, valid: ['', 'abc', 'a'.repeat(5000), 1], invalid: ['A', 'ab1'] },
  { name: 'a pattern anywhere', schema: { pattern: '\\d{3}' }, valid: ['a123b'], invalid: ['a12b'] },
  { name: 'a pattern that no automaton runs', schema: { pattern: '(?=a)b' }, valid: ['b', 'x'], invalid: [] },
  { name: 'ranges', schema: { minimum: 1, exclusiveMaximum: 3, multipleOf: 0.1 }, valid: [1, 2.3], invalid: [0.9, 3, 1.05] },
  { name: 'ranges of draft 4', schema: { minimum: 1, exclusiveMinimum: true }, valid: [1.1], invalid: [1] },
  {
    name: 'anyOf, oneOf, allOf, not',
    schema: { anyOf: [{ type: 'number' }, { type: 'string' }], not: { const: 1 }, oneOf: [{ type: 'string' }, { minimum: 5 }] },
    valid: [7],
    invalid: [1, 2, true, 'a'],
  },
  {
    name: 'conditions',
    schema: condition({ type: 'string' }, { minLength: 2 }, { type: 'number' }),
    valid: ['ab', 1],
    invalid: ['a', null],
  },
  { name: 'references', schema: { $defs: { 'a/b': { type: 'string' } }, $ref: '#/$defs/a~1b' }, valid: ['a'], invalid: [1] },
  { name: 'a schema that refers to itself', schema: NODE, valid: [{}, { next: { next: {} } }], invalid: [{ next: { last: {} } }] },
  { name: 'references to elsewhere', schema: { $ref: 'https://schema.example/a.json' }, valid: [1, 'a'], invalid: [] },
  { name: 'true and false', schema: { properties: { a: true, b: false } }, valid: [{ a: 1 }], invalid: [{ b: 1 }] },
  { name: 'what is no schema', schema: 'string', valid: [1], invalid: [] },
  { name: 'what only describes', schema: { format: 'email', title: 'x', unknown: 1 }, valid: ['no address'], invalid: [] },
];

describe('a JSON schema', () => {
  it('has a row for each keyword', () => expect(ROWS).toHaveLength(30));

  it.each(ROWS)('knows $name', ({ schema, valid, invalid }) => {
    const { check } = createJsonSchema(schema);
    expect(valid.map(check)).toEqual(valid.map(() => 'valid'));
    expect(invalid.map(check)).toEqual(invalid.map(() => 'invalid'));
  });

  const BOUNDS = [
    ['a circle of references', { $ref: '#/$defs/a', $defs: { a: { $ref: '#' } } }, 1],
    ['branches without end', { anyOf: [{ allOf: [{ $ref: '#' }] }, { allOf: [{ $ref: '#' }] }] }, 1],
    ['a value that is too deep', { additionalProperties: { $ref: '#' } }, nested(FIXED.schemaDepth + 1)],
    ['a list that is too long', { items: { type: 'number' } }, Array.from({ length: FIXED.schemaSteps + 1 }, () => 1)],
  ] as const;

  it.each(BOUNDS)('stops at %s', (_, schema, value) => {
    expect(BOUNDS).toHaveLength(4);
    expect(createJsonSchema(schema).check(value)).toBe('unchecked');
  });

  it('agrees with another validator on schemas and values at random', () => {
    const random = createRandom(LONG_RUN ? undefined : 7);
    const rounds = LONG_RUN ? 200_000 : 3000;
    const differing = Array.from({ length: rounds }, () => ({ schema: randomSchema(random, 3), value: randomValue(random, 3) })).filter(
      ({ schema, value }) =>
        createJsonSchema(schema).check(value) !== (new Validator(schema as object, '2020-12').validate(value).valid ? 'valid' : 'invalid'),
    );
    expect(differing.map((one) => JSON.stringify(one))).toEqual([]);
  });
});

/** Not as a literal: an object with a field of the name `then` is taken for a promise. */
function condition(when: unknown, holds: unknown, otherwise: unknown): object {
  return Object.fromEntries([
    ['if', when],
    ['then', holds],
    ['else', otherwise],
  ]);
}

function nested(depth: number): unknown {
  let value: unknown = {};
  for (let i = 0; i < depth; i++) value = { a: value };
  return value;
}

type Random = ReturnType<typeof createRandom>;

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]!;

function randomValue(random: Random, depth: number): unknown {
  const kind = random.below(depth > 0 ? 7 : 5);
  const few = (): number[] => Array.from({ length: random.below(3) }, (_, i) => i);
  if (kind === 5) return few().map(() => randomValue(random, depth - 1));
  if (kind === 6) return Object.fromEntries(few().map(() => [pick(random, ['a', 'b', 'ab']), randomValue(random, depth - 1)]));
  return [null, random.below(2) === 0, random.below(4), pick(random, ['', 'a', 'ab', 'b1']), random.below(8) / 2][kind];
}

function randomSchema(random: Random, depth: number): unknown {
  const sub = (): unknown => randomSchema(random, depth - 1);
  const leaf: readonly (() => object)[] = [
    () => ({ type: pick(random, ['string', 'integer', 'number', 'null', 'boolean', 'array', 'object']) }),
    () => ({ enum: [randomValue(random, 1), randomValue(random, 1)] }),
    () => ({ const: randomValue(random, 1) }),
    () => ({ minimum: random.below(3), exclusiveMaximum: 1 + random.below(3) }),
    () => ({ minLength: random.below(2), maxLength: random.below(3) }),
    () => ({ pattern: pick(random, ['^a', 'b$', '^[a-z]*$', '\\d']) }),
    () => ({ required: [pick(random, ['a', 'b'])], minProperties: random.below(2) }),
    () => ({ uniqueItems: true, minItems: random.below(2) }),
  ];
  const deep: readonly (() => object)[] = [
    () => ({ properties: { a: sub() }, additionalProperties: sub() }),
    () => ({ patternProperties: { b: sub() }, additionalProperties: sub() }),
    () => ({ prefixItems: [sub()], items: sub() }),
    () => ({ contains: sub() }),
    () => ({ anyOf: [sub(), sub()] }),
    () => ({ oneOf: [sub(), sub()] }),
    () => ({ not: sub() }),
    () => condition(sub(), sub(), sub()),
    () => ({ propertyNames: sub() }),
  ];
  return { ...pick(random, leaf)(), ...(depth > 0 ? pick(random, deep)() : {}) };
}
