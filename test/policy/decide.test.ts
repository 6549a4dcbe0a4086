import { describe, expect, it } from 'vitest';
import email from '../../src/detect/pii/email.ts';
import type { Match } from '../../src/detect/scan.ts';
import { utf16Offset } from '../../src/lib/units.ts';
import { findingOf, verdictOf } from '../../src/policy/decide.ts';

const match: Match = {
  rule: { id: 'pii.email', detector: email, severity: 'high', confidence: 0.97, action: 'redact' },
  start: utf16Offset(3),
  end: utf16Offset(9),
};

describe('a finding', () => {
  it('says what was found, where and what is done, and never the text', () => {
    expect(findingOf(match, { lane: 'output', direction: 'response', mode: 'enforce' })).toEqual({
      detector: 'pii.email',
      family: 'pii',
      severity: 'high',
      confidence: 0.97,
      lane: 'output',
      direction: 'response',
      start: 3,
      end: 9,
      action: 'redact',
      taken: 'redact',
      references: ['owasp-llm:LLM02:2026'],
    });
  });

  it.each([
    { name: 'in observe mode', context: { mode: 'observe' } as const },
    { name: 'when its text had already left', context: { mode: 'enforce', left: true } as const },
  ])('keeps the wanted action and takes none $name', ({ context }) => {
    expect(findingOf(match, { lane: 'output', direction: 'response', ...context })).toMatchObject({ action: 'redact', taken: 'observe' });
  });
});

describe('the verdict', () => {
  it.each([
    [[], 'enforce', 'allow'],
    [[], 'observe', 'allow'],
    [['observe'], 'enforce', 'flag'],
    [['observe', 'redact', 'observe'], 'enforce', 'redact'],
    [['redact', 'deny', 'observe'], 'enforce', 'deny'],
    [['redact', 'deny', 'observe'], 'observe', 'flag'],
    [['observe'], 'observe', 'flag'],
  ] as const)('of %j in mode %s is %s', (actions, mode, verdict) => {
    expect(
      verdictOf(
        actions.map((action) => ({ action })),
        mode,
      ),
    ).toBe(verdict);
  });
});
