import { describe, expect, it } from 'vitest';
import jwt from '../../src/detect/secrets/jwt.ts';
import { errorsOf, loaded, warningsOf } from './compiled.ts';

interface Row {
  readonly name: string;
  /** Lines after `version: 1`. */
  readonly lines: readonly string[];
  readonly says: readonly string[];
}

const text = (lines: readonly string[]): string => ['version: 1', ...lines].join('\n');

const SHAPE: readonly Row[] = [
  { name: 'an unknown key', lines: ['modee: enforce'], says: ['p.yaml:2:1: unknown key "modee"; did you mean "mode"?'] },
  {
    name: 'an unknown key that resembles nothing',
    lines: ['failMode: {xyzzyxyzzy: 1}'],
    says: ['p.yaml:2:12: failMode › unknown key "xyzzyxyzzy"; known keys: request, response, onLimit, onUninspectable, onOpaque'],
  },
  {
    name: 'an unknown word',
    lines: ['mode: enforced'],
    says: ['p.yaml:2:7: mode › unknown value "enforced"; expected observe or enforce; did you mean "enforce"?'],
  },
  {
    name: 'an unknown choice',
    lines: ['acceptEncoding: drop'],
    says: ['p.yaml:2:17: acceptEncoding › unknown value "drop"; expected keep or strip'],
  },
  { name: 'a list for a word', lines: ['mode: [observe]'], says: ['p.yaml:2:7: mode › expected observe or enforce, found a list'] },
  {
    name: 'a list for a mapping',
    lines: ['detectors:', '  - pii.card'],
    says: ['p.yaml:3:3: detectors › expected a mapping, found a list'],
  },
  { name: 'nothing for a mapping', lines: ['detectors:'], says: ['p.yaml:2:11: detectors › expected a mapping, found nothing'] },
  {
    name: 'an unknown action',
    lines: ['detectors:', '  pii.card: {action: redcat}'],
    says: [
      'p.yaml:3:22: detectors › pii.card › action › unknown value "redcat"; expected observe, tokenize, redact, deny or off; did you mean "redact"?',
    ],
  },
  {
    name: 'an unknown lane',
    lines: ['detectors:', '  pii.card: {action: redact, lanes: [user, outptu]}'],
    says: [
      'p.yaml:3:44: detectors › pii.card › lanes › [1] › unknown value "outptu"; expected system, user, assistant-history, tool-definition, tool-arguments, tool-result, document, output, refusal, reasoning, query, header or other; did you mean "output"?',
    ],
  },
  {
    name: 'a score over 1 and no lanes, both at once',
    lines: ['detectors:', '  pii.card: {minScore: 2, lanes: []}'],
    says: [
      'p.yaml:3:24: detectors › pii.card › minScore › expected at most 1',
      'p.yaml:3:34: detectors › pii.card › lanes › expected at least 1 entry',
    ],
  },
  {
    name: 'a size without a known unit',
    lines: ['limits: {bodyBytes: 10MiBB}'],
    says: [
      'p.yaml:2:21: limits › bodyBytes › expected a size from 1KiB to 1GiB, found a text "10MiBB"; write it as 512KiB (units: B, KiB, MiB, GiB, kB, KB, MB, GB)',
    ],
  },
  {
    name: 'a count out of range',
    lines: ['limits: {jsonDepth: 0}'],
    says: ['p.yaml:2:21: limits › jsonDepth › expected a whole number from 1 to 1000, found a number (0)'],
  },
  {
    name: 'a canary that is no token',
    lines: ['detectors:', '  leak.canary: {tokens: [nb-4711-x7, a b]}'],
    says: [
      'p.yaml:3:38: detectors › leak.canary › tokens › [1] › expected a token of 8 to 64 letters and digits, with dots, dashes or underscores between them',
    ],
  },
  { name: 'a route without match', lines: ['routes:', '  - {profile: default}'], says: ['p.yaml:3:5: routes › [0] › missing key "match"'] },
  {
    name: "a pattern in a profile's set",
    lines: ['profiles: {x: {set: {leak.x: {pattern: a}}}}'],
    says: ['p.yaml:2:31: profiles › x › set › leak.x › unknown key "pattern"; an own detector is declared in the top-level "detectors"'],
  },
];

const LATER_KEYS = ['shadowPolicy', 'includes'];

const MEANING: readonly Row[] = [
  {
    name: 'an unknown preset',
    lines: ['extends: builtin/strikt'],
    says: ['p.yaml:2:10: extends › unknown preset "builtin/strikt"; did you mean "builtin/strict"?'],
  },
  {
    name: 'profiles that extend each other',
    lines: ['profiles: {a: {extends: b}, b: {extends: a}}'],
    says: ['p.yaml:2:25: profiles › a › extends itself: a → b → a', 'p.yaml:2:42: profiles › b › extends itself: b → a → b'],
  },
  {
    name: 'a profile that extends nobody known',
    lines: ['profiles: {a: {extends: defalt}}'],
    says: ['p.yaml:2:25: profiles › a › unknown profile "defalt"; did you mean "default"?'],
  },
  {
    name: 'a profile with a built-in name',
    lines: ['profiles: {builtin/strict: {}}'],
    says: ['p.yaml:2:12: "builtin/strict" is a built-in name; give the profile another'],
  },
  {
    name: 'an unknown detector',
    lines: ['detectors:', '  pii.cart: {action: redact}'],
    says: ['p.yaml:3:3: detectors › unknown detector "pii.cart"; did you mean "pii.card"?'],
  },
  {
    name: 'tokens of another detector than the canary',
    lines: ['detectors:', '  leak.system-prompt: {tokens: [nb-4711-x7]}'],
    says: ['p.yaml:3:24: detectors › leak.system-prompt › "tokens" belongs to leak.canary alone; remove it'],
  },
  {
    name: 'an unknown detector in a profile',
    lines: ['profiles: {x: {set: {pii.emial: {action: redact}}}}'],
    says: ['p.yaml:2:22: profiles › x › set › unknown detector "pii.emial"; did you mean "pii.email"?'],
  },
  {
    name: 'a glob that selects nothing',
    lines: ['detectors:', '  foo.*: {action: redact}'],
    says: ['p.yaml:3:3: detectors › "foo.*" selects no detector; an own detector needs a "pattern"'],
  },
  {
    name: 'flags without a pattern',
    lines: ['detectors: {pii.email: {flags: i}}'],
    says: ['p.yaml:2:25: detectors › pii.email › "flags" needs a "pattern" beside it'],
  },
  {
    name: 'an own detector with the id of a built-in one',
    lines: ['detectors: {pii.card: {pattern: x}}'],
    says: ['p.yaml:2:13: "pii.card" is a built-in detector and cannot have a pattern; give your own another name'],
  },
  {
    name: 'an own detector of no family',
    lines: ['detectors: {lek.e: {pattern: x}}'],
    says: [
      'p.yaml:2:13: the id of an own detector begins with its family: pii, secret, injection, leak, exfil, tool, output, topic; found "lek.e"; did you mean "leak"?',
    ],
  },
  {
    name: 'an own detector in capitals',
    lines: ['detectors: {leak.E: {pattern: x}}'],
    says: ['p.yaml:2:13: the id of an own detector is <family>.<name>, the name in lower case with digits and hyphens; found "leak.E"'],
  },
  {
    name: 'an empty match',
    lines: ['routes: [{match: {}}]'],
    says: ['p.yaml:2:18: routes › [0] › match is empty; name a host, a path or a routeName ("**" matches any)'],
  },
  {
    name: 'a path without a slash',
    lines: ['routes: [{match: {path: v1}}]'],
    says: ['p.yaml:2:25: routes › [0] › path "v1" can never match; it begins with "/"'],
  },
  {
    name: 'a path that normalisation changes',
    lines: ['routes: [{match: {path: /a/../b}}]'],
    says: [
      'p.yaml:2:25: routes › [0] › path "/a/../b" can never match; paths are compared without query, dot segments, double or escaped slashes',
    ],
  },
  {
    name: 'an unknown profile of a route',
    lines: ['routes: [{match: {host: x}, profile: defualt}]'],
    says: ['p.yaml:2:38: routes › [0] › unknown profile "defualt"; did you mean "default"?'],
  },
  {
    name: 'an unknown dialect of a route',
    lines: ['routes: [{match: {host: x}, dialect: openai-caht}]'],
    says: ['p.yaml:2:38: routes › [0] › unknown dialect "openai-caht"; did you mean "openai-chat"?'],
  },
  {
    name: 'a failing and an overreaching example, both at their places',
    lines: ['detectors:', '  leak.d:', '    pattern: abc', '    examples: {finds: [abc, xyz], ignores: [zzz, aabcc]}'],
    says: [
      'p.yaml:5:29: detectors › leak.d › examples › it does not find this text, and should',
      'p.yaml:5:50: detectors › leak.d › examples › it finds this text, and should not',
    ],
  },
];

const PATTERNS: readonly (readonly [pattern: string, says: string])[] = [
  ['\\Afoo', '\\A is the syntax of another engine: use ^ for the start of the text (at character 1)'],
  ['foo\\z', '\\z is the syntax of another engine: use $ for the end of the text (at character 4)'],
  ['(?P<a>x)', '(?P< is the syntax of another engine: named groups are written (?<name>…) (at character 1)'],
  [
    '[[:alpha:]]',
    '[[: is the syntax of another engine: POSIX classes are not supported; write the characters, e.g. [A-Za-z] (at character 1)',
  ],
  ['(?=x)y', 'look-around cannot be matched in linear time; move the condition into the pattern or into keywords (at character 1)'],
  ['(a)\\1', 'back-references cannot be matched in linear time (at character 4)'],
  ['a(b', 'Unterminated group (at character 4)'],
  ['a*', 'the pattern matches the empty text; make one part of it mandatory (at character 1)'],
  [
    'a[b-c]{900}[d-e]{900}[f-g]{900}[h-i]{900}[j-k]{900}',
    'its longest match is 4501 units, more than limits.holdBytes (4096); bound its repetitions, e.g. {1,100}',
  ],
];

describe('a policy is refused at its line and column for', () => {
  it.each([...SHAPE, ...MEANING])('$name', ({ lines, says }) => {
    expect(errorsOf(text(lines))).toEqual(says);
  });

  it('every kind of mistake in the two tables', () => {
    expect([SHAPE.length, MEANING.length, PATTERNS.length]).toEqual([15, 18, 9]);
  });

  it.each(PATTERNS)('the pattern %s', (pattern, says) => {
    expect(errorsOf(text(['detectors:', '  leak.x:', `    pattern: '${pattern}'`]))).toEqual([
      `p.yaml:4:14: detectors › leak.x › pattern › ${says}`,
    ]);
  });

  it('a wrong flag and a pattern too long for keywords', () => {
    expect(
      errorsOf(text(['detectors:', '  leak.f: {pattern: x, flags: ig}', '  leak.i: {pattern: "x[a-z]{0,200}", keywords: [x]}'])),
    ).toEqual([
      'p.yaml:3:31: detectors › leak.f › flags › flag "g" is unknown or repeated; use i (ignore case), s (dot matches line ends) or u',
      'p.yaml:4:21: detectors › leak.i › pattern › its longest match is 201 units; with keywords at most 128; bound its repetitions or drop the keywords',
    ]);
  });

  it.each(LATER_KEYS)('the key %s of a later version, which is not accepted and left undone', (key) => {
    expect(errorsOf(text([`${key}: {}`]))).toEqual([
      `p.yaml:2:1: key "${key}" belongs to a later version of Sluice and would not be carried out; remove it`,
    ]);
  });

  it('keys of APIs that nobody carries out', () => {
    expect(errorsOf(text(['apis: {bank: {host: bank.example, openapi: bank.yaml}}']))).toEqual([
      'p.yaml:2:35: apis › bank › unknown key "openapi"; known keys: host, path',
    ]);
  });

  it('limits of a later version', () => {
    expect(errorsOf(text(['limits: {toolCallBytes: 1MiB}']))).toEqual([
      'p.yaml:2:10: limits › key "toolCallBytes" belongs to a later version of Sluice and would not be carried out; remove it',
    ]);
  });

  it.each([
    ['mode: enforce', 'p.yaml:1:1: missing key "version"; begin the file with "version: 1"'],
    ['', 'p.yaml:1:1: missing key "version"; begin the file with "version: 1"'],
    ['version: 2', 'p.yaml:1:10: version › expected 1, found a number (2)'],
    ['- a', 'p.yaml:1:1: expected a mapping, found a list'],
    ['version: 1\na: b: c', 'p.yaml:2:4: not valid YAML: Nested mappings are not allowed in compact mappings'],
    ['version: 1\nversion: 1', 'p.yaml:2:1: not valid YAML: Map keys must be unique'],
    ['version: 1\nmode: !foo x', 'p.yaml:2:7: not valid YAML: Unresolved tag: !foo'],
  ])('the file %j', (file, says) => {
    expect(errorsOf(file)).toEqual([says]);
  });

  it('aliases that expand to too much', () => {
    const rows = Array.from({ length: 8 }, (_, i) => `x${i + 1}: &x${i + 1} [${`*x${i}, `.repeat(9)}*x${i}]`);
    expect(errorsOf(['version: 1', 'x0: &x0 [a]', ...rows].join('\n'))).toEqual([
      'p.yaml:1:1: not valid YAML: its aliases (*name) expand to too much; write the values out',
    ]);
  });

  it('several things at once, in reading order', () => {
    expect(
      errorsOf(text(['routes: [{match: {host: x}, profile: none-such-here}]', 'extends: builtin/x', 'detectors: {pii.cart: {}}'])).map(
        (line) => line.split(' ')[0],
      ),
    ).toEqual(['p.yaml:2:38:', 'p.yaml:3:10:', 'p.yaml:4:13:']);
  });
});

describe('a policy loads with a warning for', () => {
  it.each([
    {
      name: 'a row that is never reached',
      lines: ['routes:', '  - {match: {path: /v1/**}}', '  - {match: {host: a.test, path: /v1/x}}'],
      says: ['p.yaml:4:5: routes › [1] › never reached: row [0] matches everything it matches; move it up or remove it'],
    },
    {
      name: 'a row that a client can choose and that is weaker than the default',
      lines: ['profiles: {w: {set: {pii.card: {action: observe}}}}', 'routes: [{match: {path: /x}, profile: w}]'],
      says: [
        'p.yaml:3:10: routes › [0] › profile "w" is weaker than "default" for pii.card, and host and path are chosen by the client; match on routeName too',
      ],
    },
    {
      name: 'an own detector without examples',
      lines: ['detectors: {leak.q: {pattern: abc}}'],
      says: ['p.yaml:2:13: detectors › leak.q › has no examples.finds: nothing shows that the pattern finds what it should'],
    },
    {
      name: 'a closed fail mode while observing',
      lines: ['mode: observe', 'failMode: {request: closed, onOpaque: allow}'],
      says: ['p.yaml:3:12: failMode › request › has no effect in observe mode, which denies nothing'],
    },
    {
      name: 'nothing when the weaker row is chosen by the gateway',
      lines: ['profiles: {w: {set: {pii.card: {action: off}}}}', 'routes: [{match: {routeName: x}, profile: w}]'],
      says: [],
    },
  ])('$name', ({ lines, says }) => {
    expect(warningsOf(text(lines))).toEqual(says);
  });
});

describe('limits', () => {
  it('take sizes with units', () => {
    expect(
      loaded(text(['limits: {bodyBytes: 2MiB, eventBytes: 1500 kB, holdBytes: 8192, findings: 3, jsonDepth: 7, decompressRatio: 99}']))
        .limits,
    ).toEqual({
      bodyBytes: 2 * 1024 * 1024,
      eventBytes: 1_500_000,
      holdBytes: 8192,
      findings: 3,
      jsonDepth: 7,
      decompressRatio: 99,
    });
  });

  const small = (...lines: string[]) => errorsOf(text(['limits: {holdBytes: 1KiB}', ...lines]), { catalogue: [jwt] });
  const tooSmall =
    'p.yaml:2:21: limits › holdBytes › 1024 is less than the longest match of secret.jwt (3708); raise it or set secret.jwt to off';

  it('may not be too small for a built-in detector', () => {
    expect(small()).toEqual([tooSmall]);
  });

  it('may be too small for a detector that is off everywhere', () => {
    const off = 'detectors: {secret.jwt: {action: off}}';
    expect(small(off)).toEqual([]);
    expect(small(off, 'profiles: {x: {set: {secret.jwt: {action: deny}}}}')).toEqual([tooSmall]);
  });
});
