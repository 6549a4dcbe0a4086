import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findingLine } from '../../src/telemetry/log.ts';
import { deniedRecord, exchangeRecord, finding } from './records.ts';

describe('a finding as a line', () => {
  it('says what was done, what was found, where, and on which call', () => {
    const record = deniedRecord();
    expect(findingLine(record, record.findings[0]!)).toBe(
      'deny     injection.direct      high      request   user            POST /v1/chat/completions  gpt-4o',
    );
  });

  it('says what policy wanted when it was not done', () => {
    const record = exchangeRecord({ path: '/users/42', facts: { toolsDeclared: [], toolsCalled: [], finishReasons: [], methods: [] } });
    expect(findingLine(record, finding({ action: 'deny', taken: 'observe' }))).toBe(
      'observe (deny)  pii.email             medium    response  output          POST /users/{id}',
    );
  });

  it('lets no text of traffic and no control character onto the terminal', () => {
    const record = exchangeRecord({
      path: '/canary/%1b[2J',
      method: 'G\u001bET',
      facts: { ...exchangeRecord().facts, model: 'canary\u001b]0;x' },
    });
    const line = findingLine(record, finding(), { redact: (text) => text.replaceAll('canary', '[REDACTED]') });
    expect(line).toBe('redact   pii.email             medium    response  output          G ET /{text}/{text}  [REDACTED] ]0;x');
  });

  it('colours only when asked', () => {
    const plain = findingLine(exchangeRecord(), finding());
    const colored = findingLine(exchangeRecord(), finding(), { color: true });
    expect([plain.includes('\u001b'), colored.includes('\u001b[33m')]).toEqual([false, true]);
  });
});

describe('the log', () => {
  it('is JSON on stderr, and an error leaves its code and stack but not its message', async () => {
    const script = `
      import { createLog } from ${JSON.stringify(new URL('../../src/telemetry/log.ts', import.meta.url).href)};
      const log = createLog({ level: 'warn' });
      log.info('not shown');
      log.warn({ err: Object.assign(new Error('canary'), { code: 'E_TEST' }), port: 1 }, 'something happened');
    `;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    const line = JSON.parse(stderr);
    expect([stdout, stderr.trim().split('\n').length, stderr.includes('canary')]).toEqual(['', 1, false]);
    expect(line).toMatchObject({ level: 40, name: 'sluice', msg: 'something happened', port: 1, err: { type: 'Error', code: 'E_TEST' } });
  });
});
