import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBackWriter } from '../../src/telemetry/back-writer.ts';

const BLOCK_BYTES = 64;

it('leaves messages as they are while somebody has them, and writes on where nobody has any', () => {
  const text = fc.string({ maxLength: 100 });
  const step = fc.record({ text, keeps: fc.nat({ max: 2 }), releases: fc.array(fc.nat({ max: 20 }), { maxLength: 4 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const out = createBackWriter(BLOCK_BYTES);
      const held: { readonly message: Buffer; readonly copy: Buffer; uses: number }[] = [];
      for (const { text: value, keeps, releases } of steps) {
        out.begin();
        out.text(1, value);
        const message = out.finish();
        for (let more = 0; more < keeps; more += 1) out.keep(message);
        held.push({ message, copy: Buffer.from(message), uses: keeps + 1 });
        for (const at of releases) {
          const index = at % (held.length + 1);
          const one = held[index];
          if (one === undefined) continue;
          out.release(one.message);
          one.uses -= 1;
          if (one.uses === 0) held.splice(index, 1);
        }
        expect(held.filter((one) => !one.message.equals(one.copy))).toEqual([]);
      }
    }),
  );
});

it('takes no new memory for messages that are released', () => {
  const out = createBackWriter(BLOCK_BYTES);
  const memory = new Set<ArrayBufferLike>();
  for (let index = 0; index < 200; index += 1) {
    out.begin();
    out.text(1, `message ${index}`);
    const message = out.finish();
    memory.add(message.buffer);
    out.release(message);
  }
  expect(memory.size).toBeLessThanOrEqual(2);
});

it('says so when a message is released more often than it was kept', () => {
  const out = createBackWriter();
  out.begin();
  out.text(1, 'once');
  const message = out.finish();
  out.release(message);
  expect(() => out.release(message)).toThrow('assertion failed');
});

it('forgets a message that was not finished', () => {
  const out = createBackWriter();
  out.begin();
  out.text(1, 'half a message');
  out.begin();
  out.text(1, 'a');
  expect([...out.finish()]).toEqual([10, 1, 97]);
});
