import { expect, test } from 'vitest';
import { FoldedScan } from '../../src/detect/folded-scan.ts';
import { type LaneScan, type Match, NO_LIMITS } from '../../src/detect/scan.ts';
import type { HiddenScan } from '../../src/detect/views/hidden-scan.ts';
import { utf16Offset } from '../../src/lib/units.ts';
import { ruleOf } from '../support/rules.ts';

const DENYING = ruleOf('deny', /x/, { action: 'deny' });
const REDACTING = ruleOf('redact', /x/);

const matchOf = (rule: Match['rule'], start: number, end: number): Match => ({ rule, start: utf16Offset(start), end: utf16Offset(end) });

/** A scan of the open text that knows its matches beforehand, and says each once its end has come. */
function scanOf(...matches: readonly Match[]): LaneScan {
  let length = utf16Offset(0);
  let taken = utf16Offset(0);
  const denial = (): Match | undefined => matches.find(({ rule, end }) => rule.action === 'deny' && end <= length);
  return {
    push(text) {
      length = utf16Offset(length + text.length);
    },
    end: () => undefined,
    takeMatches() {
      const found = matches.filter(({ end }) => end > taken && end <= length);
      taken = length;
      return found;
    },
    forgetBefore: () => undefined,
    get settled() {
      return denial()?.end ?? length;
    },
    get length() {
      return length;
    },
    edits: [],
    get denied() {
      return denial();
    },
    exceeded: NO_LIMITS,
  };
}

/** What is hidden is known when the text ends. */
function hiddenOf(...matches: readonly Match[]): HiddenScan {
  let known: Match[] = [];
  let settled = utf16Offset(0);
  return {
    push: () => undefined,
    end() {
      if (settled === 0) known = [...matches];
      settled = utf16Offset(Number.MAX_SAFE_INTEGER);
    },
    takeMatches() {
      const taken = known;
      known = [];
      return taken;
    },
    get settled() {
      return settled;
    },
    cutAt: undefined,
  };
}

const said = (scan: FoldedScan) => scan.takeMatches().map(({ rule, start, end }) => [rule.id, start, end]);

test('matches stand at the places of the text as given, before what folding leaves out of it', () => {
  const scan = new FoldedScan([scanOf(matchOf(REDACTING, 1, 3))], hiddenOf(), false);
  scan.push('a\u200Bbc');
  scan.end();
  expect(said(scan)).toEqual([['pii.redact', 2, 4]]);
});

test('nothing is settled before what is hidden is known', () => {
  const scan = new FoldedScan([scanOf()], hiddenOf(), true);
  scan.push('abc');
  expect(scan.settled).toBe(0);
  scan.end();
  expect(scan.settled).toBe(3);
});

test('what is hidden in front of a denial denies first, and nothing behind it is said', () => {
  const scan = new FoldedScan(
    [scanOf(matchOf(DENYING, 4, 6)), scanOf(matchOf(REDACTING, 2, 5))],
    hiddenOf(matchOf({ ...DENYING, id: 'pii.hidden' }, 0, 3)),
    true,
  );
  scan.push('abcdefgh');
  scan.end();
  expect(said(scan)).toEqual([['pii.hidden', 0, 3]]);
  expect(scan.denied?.rule.id).toBe('pii.hidden');
});

test('a match that is also hidden is said once', () => {
  const scan = new FoldedScan([scanOf(matchOf(REDACTING, 0, 3))], hiddenOf(matchOf(REDACTING, 1, 2)), false);
  scan.push('abc');
  scan.end();
  expect(said(scan)).toEqual([['pii.redact', 0, 3]]);
});

test('the gravest of what is hidden at one place names the replacement, whichever was found first', () => {
  const grave = ruleOf('grave', /x/, { severity: 'critical' });
  const scan = new FoldedScan([], hiddenOf(matchOf(REDACTING, 1, 3), matchOf(grave, 1, 3)), false);
  scan.push('abcd');
  scan.end();
  expect(scan.edits).toEqual([{ start: 1, end: 3, replacement: '[REDACTED:pii.grave]' }]);
});
