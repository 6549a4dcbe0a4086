import { describe, expect, test } from 'vitest';
import type { Action, Match } from '../../../src/detect/scan.ts';
import { byteOffset, utf16Offset } from '../../../src/lib/units.ts';
import type { Finding } from '../../../src/policy/finding.ts';
import type { UninspectableReason } from '../../../src/wire/frame.ts';
import { ruleOf } from '../../support/rules.ts';
import { newVerdict, verdictOptions } from './bodies.ts';

const signature = (key: string) => ({ key, start: byteOffset(0), end: byteOffset(1) });

function matchOf(id: string, action: Action): Match {
  return { rule: ruleOf(id, /x/, { action }), start: utf16Offset(0), end: utf16Offset(1) };
}

describe('a verdict', () => {
  test('has its first denial for good, and nothing on record behind it', () => {
    const findings: Finding[] = [];
    const verdict = newVerdict({ findings });
    expect(verdict.matched(matchOf('a', 'redact'), 'output')).toBe(true);
    verdict.deny('pii.a');
    verdict.deny('pii.b');
    verdict.notInspected('invalid-json');
    expect(verdict.matched(matchOf('b', 'redact'), 'output')).toBe(false);
    expect({ found: findings.map(({ detector }) => detector), denial: verdict.denial }).toMatchObject({
      found: ['pii.a'],
      denial: { code: 'content_filter', detector: 'pii.a' },
    });
  });

  test('has what ends the exchange on record even where there is room for no finding', () => {
    const findings: Finding[] = [];
    const { limits } = verdictOptions();
    const verdict = newVerdict({ findings, limits: { ...limits, findings: 0 }, mode: 'observe' });
    const finding = { detector: 'tool.not-permitted', taken: 'observe' } as Finding;
    verdict.found(finding);
    expect(verdict.matched(matchOf('a', 'observe'), 'output')).toBe(false);
    verdict.found({ ...finding, taken: 'deny' });
    expect({ findings, uninspected: [...verdict.uninspected], denial: verdict.denial?.detector }).toEqual({
      findings: [{ ...finding, taken: 'deny' }],
      uninspected: ['finding-limit'],
      denial: 'tool.not-permitted',
    });
  });
});

describe('what was not inspected', () => {
  const { failMode } = verdictOptions();
  const allowing = { ...failMode, onLimit: 'allow', onOpaque: 'allow', onUninspectable: 'allow' } as const;

  test.each<readonly [UninspectableReason, Partial<typeof failMode>, string]>([
    ['body-limit', { onLimit: 'deny' }, 'request_too_large'],
    ['lane-limit', { onLimit: 'deny' }, 'uninspectable'],
    ['media', { onOpaque: 'deny' }, 'uninspectable'],
    ['invalid-json', { onUninspectable: 'deny' }, 'uninspectable'],
  ])('%s is denied where policy says %j', (reason, own, code) => {
    const denying = newVerdict({ failMode: { ...allowing, ...own } });
    const others = newVerdict({ failMode: { ...failMode, onLimit: 'deny', onOpaque: 'deny', onUninspectable: 'deny', ...allowed(own) } });
    for (const verdict of [denying, others]) verdict.notInspected(reason);
    expect([denying.denial?.code, others.denial]).toEqual([code, undefined]);
    expect([...others.uninspected]).toEqual([reason]);
  });

  test.each([
    ['what policy fails open for', { failMode: { ...failMode, response: 'open', onUninspectable: 'deny' } }],
    ['what is observed', { mode: 'observe', failMode: { ...failMode, onUninspectable: 'deny' } }],
  ] as const)('%s is counted, each reason once, and not denied', (_, more) => {
    const verdict = newVerdict(more);
    verdict.notInspected('invalid-json');
    verdict.notInspected('invalid-json');
    expect({ uninspected: [...verdict.uninspected], denial: verdict.denial }).toEqual({ uninspected: ['invalid-json'], denial: undefined });
  });
});

describe('a signature', () => {
  test.each([
    ['a text below it is redacted', 'content.0', 'content.0.text', true],
    ['its own text is', 'content.0', 'content.0', true],
    ['a text beside it is', 'content.0', 'content.1', false],
    ['a text above it is', 'content.0', 'content', false],
  ])('when %s, whichever comes first', (_, signed, redacted, isBroken) => {
    const before = newVerdict();
    before.signed(signature(signed));
    before.redacted(redacted);
    const after = newVerdict();
    after.redacted(redacted);
    after.signed(signature(signed));
    const reasons = isBroken ? ['signed-text'] : [];
    expect([before, after].map((verdict) => [...verdict.uninspected])).toEqual([reasons, reasons]);
    expect([before, after].map((verdict) => verdict.breaks(signature(signed)))).toEqual([isBroken, isBroken]);
  });
});

/** The same decisions turned round. */
function allowed(own: object): Record<string, 'allow'> {
  return Object.fromEntries(Object.keys(own).map((name) => [name, 'allow']));
}
