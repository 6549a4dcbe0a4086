import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { unifiedDiff } from '../../src/lib/unified-diff.ts';
import { exceptionText, withException } from '../../src/policy/exception-text.ts';

const ROW = { detector: 'pii.email', lane: 'output', until: '2027-03-31', reason: 'SEC-412' } as const;
const LINE = '- {detector: pii.email, lane: output, until: 2027-03-31, reason: SEC-412}';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-exceptions-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a row of exceptions as a line', () => {
  it('is plain where words are', () => expect(exceptionText(ROW)).toBe(LINE));

  it('says what it was made of, whatever that is', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).filter((one) => one.isWellFormed());
    fc.assert(
      fc.property(fc.record({ detector: text, agent: text, path: text, until: text, reason: text, by: text }), (row) => {
        const line = exceptionText(row);
        expect(line.includes('\n')).toBe(false);
        expect(parse(line)).toEqual([row]);
      }),
    );
  });

  it.each(['yes', 'null', '12', '~', '*', '', 'a: b', '{x}', '- x', '# x', '2027-03-31', 'true', '1e3', "it's", '&a', '!t', '%x'])(
    'keeps %j a text',
    (reason) => expect(parse(exceptionText({ ...ROW, reason }))).toEqual([{ ...ROW, reason }]),
  );
});

const FILES = [
  { name: 'without exceptions', before: 'version: 1\n# the end\n', after: `version: 1\n# the end\nexceptions:\n  ${LINE}\n` },
  { name: 'without a last line end', before: 'version: 1', after: `version: 1\nexceptions:\n  ${LINE}\n` },
  {
    name: 'with exceptions at its end',
    before: `version: 1\nexceptions:\n  - {detector: pii.card, until: 2027-01-01, reason: a} # why\n`,
    after: `version: 1\nexceptions:\n  - {detector: pii.card, until: 2027-01-01, reason: a} # why\n  ${LINE}\n`,
  },
  {
    name: 'with exceptions in blocks, at the margin, before other keys',
    before: 'version: 1\nexceptions:\n- detector: pii.card\n  until: 2027-01-01\n  reason: a\n\n# then\nmode: observe\n',
    after: `version: 1\nexceptions:\n- detector: pii.card\n  until: 2027-01-01\n  reason: a\n${LINE}\n\n# then\nmode: observe\n`,
  },
  {
    name: 'with an empty list',
    before: 'version: 1\nexceptions: []\nmode: observe\n',
    after: `version: 1\nexceptions:\n  ${LINE}\nmode: observe\n`,
  },
  {
    name: 'with an empty key',
    before: 'version: 1\nexceptions: # none yet\nmode: observe\n',
    after: `version: 1\nexceptions: # none yet\n  ${LINE}\nmode: observe\n`,
  },
  {
    name: 'with a list on one line',
    before:
      'exceptions: [{detector: a, until: 2027-01-01, reason: "x, [y] # z"}, {detector: b, until: 2027-01-02, reason: c}] # all\nversion: 1\n',
    after: `exceptions: # all\n  - {detector: a, until: 2027-01-01, reason: "x, [y] # z"}\n  - {detector: b, until: 2027-01-02, reason: c}\n  ${LINE}\nversion: 1\n`,
  },
  {
    name: 'with a list in brackets over several lines, with comments',
    before:
      'version: 1\nexceptions: [\n  # first\n  {detector: a, until: 2027-01-01,\n   reason: "two\n   words"}, # one\n  {detector: b, until: 2027-01-02, reason: c}\n  # last\n  # of all\n]\n\nmode: observe\n',
    after: `version: 1\nexceptions:\n  # first\n  - {detector: a, until: 2027-01-01,\n      reason: "two\n      words"} # one\n  - {detector: b, until: 2027-01-02, reason: c} # last\n  # of all\n  ${LINE}\n\nmode: observe\n`,
  },
  {
    name: 'with a list in brackets below its key, at the end of the file',
    before: 'version: 1\nexceptions:\n  [{detector: a, until: 2027-01-01, reason: c}]',
    after: `version: 1\nexceptions:\n  - {detector: a, until: 2027-01-01, reason: c}\n  ${LINE}\n`,
  },
];

describe('a row more in a policy file', () => {
  test('is tried with every way to write the list', () => expect(FILES).toHaveLength(9));

  test.each(FILES)('$name', ({ before, after }) => {
    expect(withException(before, ROW)).toBe(after);
    const earlier = (parse(before) as { exceptions?: unknown[] | null }).exceptions ?? [];
    expect((parse(after) as { exceptions: unknown[] }).exceptions).toEqual([...earlier, ROW]);
  });

  test.each(['version: 1\nexceptions: x\n', '{version: 1, exceptions: []}\n', '- a\n', 'a: [\n', 'exceptions: &a [{detector: b}]\n'])(
    'is not written into %j',
    (text) => expect(withException(text, ROW)).toBeUndefined(),
  );
});

describe('its diff', () => {
  test.each(FILES)('$name is what git and patch apply', ({ before, after }) => {
    const file = path.join(folder, 'policy.yaml');
    const diff = unifiedDiff('policy.yaml', before, after);
    for (const [program, args] of [
      ['git', ['apply']],
      ['patch', ['-p1', '-s']],
    ] as const) {
      writeFileSync(file, before);
      execFileSync(program, args, { cwd: folder, input: diff, stdio: 'pipe' });
      expect(readFileSync(file, 'utf8')).toBe(after);
    }
  });

  it('is nothing when nothing is different', () => expect(unifiedDiff('a', 'x\n', 'x\n')).toBe(''));

  it('is applied by git to whatever there was', () => {
    const line = fc.constantFrom('a', 'b', '', 'version: 1');
    const text = fc.tuple(fc.array(line, { maxLength: 12 }), fc.boolean()).map(([lines, ends]) => lines.join('\n') + (ends ? '\n' : ''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after && before !== '' && after !== '');
        writeFileSync(path.join(folder, 'any.txt'), before);
        execFileSync('git', ['apply', '--unidiff-zero'], { cwd: folder, input: unifiedDiff('any.txt', before, after), stdio: 'pipe' });
        expect(readFileSync(path.join(folder, 'any.txt'), 'utf8')).toBe(after);
      }),
      { numRuns: 40 },
    );
  });
});
