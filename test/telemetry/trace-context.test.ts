import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTraceparent } from '../../src/telemetry/trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

const INVALID = [
  undefined,
  '',
  `00-${TRACE}-${SPAN}`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}-01-more`,
  `01-${TRACE}-${SPAN}-01more`,
  `00-${TRACE}-${SPAN}-0g`,
  `00_${TRACE}_${SPAN}_01`,
  ` 00-${TRACE}-${SPAN}-01`,
];

describe('traceparent', () => {
  it('has the rows it should have', () => expect(INVALID.length).toBe(12));

  it.each(INVALID)('begins a trace of its own for %s', (header) => expect(parseTraceparent(header)).toBeUndefined());

  it('continues a sampled trace', () => {
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true });
  });

  it('reads only the lowest flag', () => {
    expect([parseTraceparent(`00-${TRACE}-${SPAN}-02`)?.sampled, parseTraceparent(`00-${TRACE}-${SPAN}-03`)?.sampled]).toEqual([
      false,
      true,
    ]);
  });

  it('takes a later version with more fields', () => expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what`)?.traceId).toBe(TRACE));

  it('throws for no input', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (header) => {
        expect(() => parseTraceparent(header)).not.toThrow();
      }),
    );
  });
});
