import { pino } from 'pino';
import { expect, test } from 'vitest';
import { keepLoaded } from '../../src/cli/reloading.ts';
import { AppError } from '../../src/lib/errors.ts';

test('each reload is logged with what is in force now, or with what is wrong', () => {
  const lines: unknown[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const versions = ['v1', 'v2', undefined, 'v3'];
  const load = (): string => {
    const next = versions.shift();
    if (next === undefined) throw new AppError('policy-invalid', 'p.yaml:3:5: unknown key');
    return next;
  };
  const kept = keepLoaded({ what: 'policy', files: [], load, named: (policy) => ({ policy }), onReload: () => {}, log });
  for (const expected of ['v2', 'v2', 'v3']) {
    kept.reload();
    expect(kept.current()).toBe(expected);
  }
  kept.close();
  expect(lines).toEqual([
    { level: 30, event: 'policy-reloaded', policy: 'v2', msg: 'policy reloaded' },
    {
      level: 50,
      event: 'policy-reload-failed',
      code: 'policy-invalid',
      msg: 'policy not reloaded, the old one stays: p.yaml:3:5: unknown key',
    },
    { level: 30, event: 'policy-reloaded', policy: 'v3', msg: 'policy reloaded' },
  ]);
});
