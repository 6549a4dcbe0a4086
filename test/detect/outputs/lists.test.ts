import { describe, expect, it } from 'vitest';
import type { SpanRule } from '../../../src/detect/detector.ts';
import { hostList } from '../../../src/detect/outputs/host-list.ts';
import { languageOf } from '../../../src/detect/outputs/language-list.ts';
import { entriesOfFile, wordList } from '../../../src/detect/outputs/word-list.ts';
import { cuttings, engineOf, leftTooEarly, read, ruleWith } from './reading.ts';

interface Row {
  readonly name: string;
  readonly text: string;
  readonly found: readonly string[];
}

const LINKS: readonly Row[] = [
  {
    name: 'bare links, without the punctuation behind them',
    text: 'see https://good.example/a, and https://evil.example/x?y=1.',
    found: ['https://evil.example/x?y=1'],
  },
  {
    name: 'a link with brackets of its own, in Markdown',
    text: '[x](https://good.example/a)[y](https://evil.example/(b))z',
    found: ['https://evil.example/(b)'],
  },
  {
    name: 'an image without a scheme',
    text: '![i](//evil.example/a.png) [r](/rel) [m](mailto:a@b.example)',
    found: ['//evil.example/a.png'],
  },
  { name: 'a script as a link', text: '[j](javascript:alert)', found: ['javascript:alert'] },
  {
    name: 'a destination in angle brackets',
    text: '[a b](<https://evil.example/a b>) <https://good.example>',
    found: ['https://evil.example/a b'],
  },
  { name: 'a definition', text: '[a]: https://evil.example\n', found: ['https://evil.example'] },
  { name: 'a backslash before punctuation in Markdown', text: '[a](https\\://evil.example/)', found: ['https\\://evil.example/'] },
  {
    name: 'an attribute, quoted or not',
    text: '<a href="https://evil.example/">x</a><img src=//evil.example/y>',
    found: ['https://evil.example/', '//evil.example/y'],
  },
  {
    name: 'character references in an attribute',
    text: '<a href="https&#58;&sol;/evil.example">',
    found: ['https&#58;&sol;/evil.example'],
  },
  { name: 'an attribute in a quoted text', text: 'href=\\"https://evil.example\\" x', found: ['https://evil.example'] },
  {
    name: 'a line end in an attribute, which browsers drop',
    text: '<a href="https://good.example\n.evil.example/">',
    found: ['https://good.example\n.evil.example/'],
  },
  { name: 'backslashes for slashes', text: '<a href=\\\\evil.example>', found: ['\\\\evil.example'] },
  { name: 'a scheme without slashes, in an attribute', text: '<a href="https:evil.example">', found: ['https:evil.example'] },
  { name: 'an address in CSS', text: 'a{background:url(https://evil.example/i)}', found: ['https://evil.example/i'] },
  { name: 'a page that is refreshed', text: '<meta content="0;url=https://evil.example/">', found: ['https://evil.example/'] },
  { name: 'a host behind a user name', text: 'https://good.example@evil.example/', found: ['https://good.example@evil.example/'] },
  {
    name: 'a user name with brackets',
    text: '(https://good.example)text, https://good.example)x@evil.example/',
    found: ['https://good.example)x@evil.example/'],
  },
  { name: 'numbers for an address that is allowed', text: 'https://167772161/ http://0x0a000001/ https://10.0.1/', found: [] },
  { name: 'a number for an address that is not', text: 'https://2130706433/', found: ['https://2130706433/'] },
  {
    name: 'a port that does not count, and one that does',
    text: 'https://good.example:8443/ https://port.example:8443/ https://port.example/',
    found: ['https://port.example/'],
  },
  {
    name: 'hosts below a listed one, and not the host itself',
    text: 'https://a.b.below.example https://below.example',
    found: ['https://below.example'],
  },
  {
    name: 'capitals, a dot at the end and www',
    text: 'HTTPS://GOOD.EXAMPLE./x www.evil.example. www.good.example',
    found: ['www.evil.example'],
  },
  {
    name: 'a percent-encoded host',
    text: 'https://good%2eexample/ https://good.example%2eevil.example/',
    found: ['https://good.example%2eevil.example/'],
  },
  { name: 'a look-alike of an allowed host', text: 'https://gооd.example/', found: ['https://gооd.example/'] },
  { name: 'punycode of an allowed host', text: 'https://xn--bcher-kva.example/ https://bücher.example/', found: [] },
  { name: 'an IPv6 address', text: 'http://[::1]/x)', found: ['http://[::1]/x'] },
  { name: 'other schemes with a host', text: 'ssh://evil.example/x ftp://good.example/', found: ['ssh://evil.example/x'] },
  { name: 'too many slashes', text: 'https:///evil.example', found: ['https:///evil.example'] },
  { name: 'a link that begins where another has no host', text: 'https://](https://evil.example/)', found: ['https://evil.example/'] },
  { name: 'links that a comma parts', text: 'https://good.example,https://evil.example', found: ['https://evil.example'] },
  {
    name: 'a link in a text without spaces',
    text: '见https://evil.example。然后看https://good.example。好',
    found: ['https://evil.example'],
  },
  { name: 'an address that is only a parameter of an allowed link', text: 'https://good.example/?u=https://evil.example/', found: [] },
  {
    name: 'a host that is too long to be one',
    text: `https://${'a'.repeat(600)}.good.example/ ok`,
    found: [`https://${'a'.repeat(600)}.good.example/`],
  },
  { name: 'no link at all', text: 'http:// is a scheme, // a comment, a[0](b), a]: b and src = c', found: [] },
];

const ALLOW: SpanRule = {
  kind: 'urls',
  allow: ['good.example', 'www.good.example', '*.below.example', '10.0.0.1', 'port.example:8443', 'bücher.example'],
  deny: [],
};

const FENCES: readonly Row[] = [
  { name: 'a block of a denied language', text: 'a\n```bash\nrm\n```\nb', found: ['```bash\nrm\n```'] },
  { name: 'no block of another language', text: '```python\nx\n```', found: [] },
  { name: 'no block without a language', text: '```\nx\n```', found: [] },
  { name: 'a block of tildes, closed by more of them', text: '~~~SQL\nselect\n~~~~  \nafter', found: ['~~~SQL\nselect\n~~~~'] },
  { name: 'a block in a list that is not closed', text: '1. ```sh title\nabc', found: ['```sh title\nabc'] },
  { name: 'a block in a quote', text: '> ```Bash\n> rm\n> ```\n', found: ['```Bash\n> rm\n> ```'] },
  { name: 'nothing that stands in another block', text: '```python\n```bash\n```\n', found: [] },
  { name: 'no code within a line', text: 'so ```bash x``` and\n```bash``` too', found: [] },
  { name: 'a fence that fewer characters do not close', text: '````zsh\n```\nrm\n````\nb', found: ['````zsh\n```\nrm\n````'] },
  { name: 'a fence that a text behind it does not close', text: '```sh\na\n``` b\nc\n```', found: ['```sh\na\n``` b\nc\n```'] },
  { name: 'two blocks', text: '```sh\na\n```\nb\n```sql\nc\n```', found: ['```sh\na\n```', '```sql\nc\n```'] },
];

const DENY_CODE: SpanRule = { kind: 'code', allow: undefined, deny: ['shell', 'sql'] };

const WORDS: readonly Row[] = [
  { name: 'a phrase in any case, with any separators', text: 'The ACME  corp, or "Acme, Corp".', found: ['ACME  corp', 'Acme, Corp'] },
  { name: 'no part of a word', text: 'acme corpus, macme corp', found: [] },
  { name: 'any ending behind a star', text: 'bombs bombing, a bomb. tombs', found: ['bombs', 'bombing', 'bomb'] },
  { name: 'a hyphen as a space, or as nothing', text: 'war-chest war chest warchest', found: ['war-chest', 'war chest', 'warchest'] },
  { name: 'a word of a script without spaces', text: '他们买毒品了', found: ['毒品'] },
  { name: 'look-alike letters and invisible ones', text: 'a\u200bcme cоrp', found: ['a\u200bcme cоrp'] },
  { name: 'punctuation within a word', text: 'AT&T ATT at&t', found: ['AT&T', 'at&t'] },
  { name: 'an apostrophe of either form', text: "o’brien o'brien", found: ['o’brien', "o'brien"] },
];

const words = wordList(['Acme Corp', 'bomb*', 'war-chest', '毒品', 'at&t', "O'Brien"]);
const [pattern = /$^/] = words.ok ? words.patterns : [];

const TABLES = [
  { what: 'links to hosts that are not listed', rows: LINKS, count: 34, parts: { spans: ALLOW } },
  { what: 'code in languages that are denied', rows: FENCES, count: 11, parts: { spans: DENY_CODE } },
  { what: 'words and phrases of a list', rows: WORDS, count: 8, parts: { pattern } },
];

describe.each(TABLES)('$what', ({ rows, count, parts }) => {
  const [redacting, observing, denying] = [
    engineOf(ruleWith(parts, 'redact')),
    engineOf(ruleWith(parts, 'observe')),
    engineOf(ruleWith(parts, 'deny')),
  ];

  it('has a row for each case', () => expect(rows).toHaveLength(count));

  it.each(rows)('finds $name', ({ text, found }) => {
    const whole = read(redacting, [text]);
    expect(whole.found).toEqual(found);
    expect(whole.output).toBe(found.reduce((rest, one) => rest.replace(one, '[REDACTED:output.x]'), text));
    expect(read(observing, [text])).toEqual({ found, denied: false, output: text });
    expect(read(denying, [text]).denied).toBe(found.length > 0);
  });

  it.each(rows)('says the same of $name however it is cut, and lets nothing of it go too early', ({ text }) => {
    const short = text.length < 200 ? cuttings(text) : [[text.slice(0, 300), text.slice(300)], [...text]];
    expect(short.map((pieces) => read(redacting, pieces))).toEqual(short.map(() => read(redacting, [text])));
    expect(short.map((pieces) => read(denying, pieces))).toEqual(short.map(() => read(denying, [text])));
    expect(leftTooEarly(redacting, text)).toEqual([]);
  });
});

describe('lists that a policy is given', () => {
  const HOSTS = ['https://a.example', 'a.example/x', 'a.*.example', 'a b', 'user@a.example', '%', '', 'a.example', '*.a.example:1', 'tel:'];

  it('refuses what is no host', () => {
    const refused = hostList(HOSTS);
    expect(refused).toMatchObject({ ok: false });
    expect(refused.ok ? [] : refused.problems.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('refuses what is no phrase', () => {
    const refused = wordList(['C++', '', '*', '-a', 'a*b', 'a'.repeat(129), 'a*', 'a']);
    expect(refused.ok ? [] : refused.problems.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('takes the lines of a file that are no comments', () => {
    expect(entriesOfFile('# list\r\n\r\n acme corp \r\nbomb*')).toEqual([
      { line: 3, entry: 'acme corp' },
      { line: 4, entry: 'bomb*' },
    ]);
  });

  it('reads thousands of phrases, a pattern for every few hundred', () => {
    const entries = Array.from({ length: 5000 }, (_, i) => `codename number ${i}`);
    const list = wordList(entries);
    const patterns = list.ok ? list.patterns : [];
    expect(patterns.length).toBeGreaterThan(10);
    const engine = engineOf(...patterns.map((one, i) => ruleWith({ pattern: one }, 'redact', `x${i}`)));
    expect(read(engine, ['a codename number 4711, codename number 5001']).found).toEqual(['codename number 4711']);
  });

  const TAGS = [
    ['Python title="x"', 'python'],
    ['{.python .numberLines}', 'python'],
    ['python:app.py', 'python'],
    ['language-python', 'python'],
    ['', 'untagged'],
    ['  ', 'untagged'],
  ] as const;

  it.each(TAGS)('reads the language of the fence %j', (info, tag) => {
    expect(TAGS).toHaveLength(6);
    expect(languageOf(info)).toBe(tag);
  });
});

describe('lists beside other rules', () => {
  const other = ruleWith({ pattern: /secret=\w{1,20}/ }, 'redact', 'other');
  const links = ruleWith({ spans: ALLOW }, 'redact', 'links');
  const text = 'a https://evil.example/?secret=abc&x and secret=def.';

  it('joins what overlaps, in every cut', () => {
    const engine = engineOf(other, links);
    const whole = read(engine, [text]);
    expect(whole.output).toBe('a [REDACTED:output.links] and [REDACTED:output.other].');
    expect(cuttings(text).map((pieces) => read(engine, pieces))).toEqual(cuttings(text).map(() => whole));
    expect(leftTooEarly(engine, text)).toEqual([]);
  });

  it('denies at the first denial of any of them', () => {
    const engine = engineOf(ruleWith({ pattern: /secret=\w{1,20}/ }, 'deny', 'other'), links);
    const said = cuttings(text).map((pieces) => read(engine, pieces));
    expect(said).toEqual(said.map(() => ({ found: ['secret=abc'], denied: true, output: '' })));
  });
});
