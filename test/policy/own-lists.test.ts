import { describe, expect, it } from 'vitest';
import { errorsOf, loaded, warningsOf } from './compiled.ts';

const FILES: Readonly<Record<string, string>> = {
  'rivals.txt': '# rivals\nAcme Corp\n\nBorealis*\n',
  'broken.txt': 'Acme Corp\nC++\n',
  'empty.txt': '# nothing\n',
};
const readBeside = (name: string): string | undefined => FILES[name];

const LISTS = [
  'version: 1',
  'extends: none',
  'detectors:',
  '  topic.rivals:',
  '    file: rivals.txt',
  '    phrases: ["north-wind systems"]',
  '    action: redact',
  '    lanes: [output]',
  '    examples: {finds: ["buy from acme  corp", "NorthWind Systems"], ignores: ["an acme"]}',
  '  output.links:',
  '    urls: {allow: [corp.example, "*.corp.example"]}',
  '    action: redact',
  '    examples: {finds: ["![x](https://evil.example/?d=1)"], ignores: ["see https://docs.corp.example/a"]}',
  '  output.shell:',
  '    code: {deny: [shell]}',
  '    action: deny',
  '    examples: {finds: ["```bash\\nls\\n```"], ignores: ["```python\\n1\\n```"]}',
].join('\n');

interface Row {
  readonly name: string;
  readonly row: string;
  readonly says: readonly string[];
}

const WRONG: readonly Row[] = [
  {
    name: 'a link for a host',
    row: 'output.a: {urls: {allow: ["https://a.example"]}}',
    says: [
      'p.yaml:3:29: detectors › output.a › urls › allow › [0] › "https://a.example" is more than a host; write example.com, *.example.com, example.com:8443 or mailto:',
    ],
  },
  {
    name: 'a list that says nothing',
    row: 'output.a: {urls: {}}',
    says: ['p.yaml:3:20: detectors › output.a › urls › needs "allow" or "deny"'],
  },
  {
    name: 'a misspelt key of a list',
    row: 'output.a: {code: {alow: [python]}}',
    says: [
      'p.yaml:3:20: detectors › output.a › code › needs "allow" or "deny"',
      'p.yaml:3:21: detectors › output.a › code › unknown key "alow"; did you mean "allow"?',
    ],
  },
  {
    name: 'two lists in one detector',
    row: 'output.a: {urls: {deny: [a.example]}, code: {deny: [sh]}}',
    says: ['p.yaml:3:41: detectors › output.a › "code" stands beside "urls"; a detector says in one way what it finds'],
  },
  {
    name: 'flags of a list',
    row: 'topic.a: {phrases: [acme], flags: i}',
    says: ['p.yaml:3:30: detectors › topic.a › "flags" needs a "pattern" beside it'],
  },
  {
    name: 'a phrase that is none',
    row: 'topic.a: {phrases: [acme, "C++"]}',
    says: ['p.yaml:3:29: detectors › topic.a › phrases › [1] › "C++" must end with a letter, a digit or a *'],
  },
  {
    name: 'a file that is not there',
    row: 'topic.a: {file: none.txt}',
    says: ['p.yaml:3:19: detectors › topic.a › file › cannot be read; its path is relative to the policy file'],
  },
  {
    name: 'a file without words',
    row: 'topic.a: {file: empty.txt}',
    says: ['p.yaml:3:19: detectors › topic.a › file › has no words; write one on each line'],
  },
  {
    name: 'a file with a line that is no phrase',
    row: 'topic.a: {file: broken.txt}',
    says: ['p.yaml:3:19: detectors › topic.a › file › line 2 › "C++" must end with a letter, a digit or a *'],
  },
  {
    name: 'an example that is not found',
    row: 'topic.a: {phrases: [acme], examples: {finds: ["acmes"]}}',
    says: ['p.yaml:3:49: detectors › topic.a › examples › it does not find this text, and should'],
  },
];

describe('lists of an operator', () => {
  const policy = loaded(LISTS, { readBeside });
  const { profile } = policy.route({ routeName: undefined, host: '', path: '' });

  it.each([
    ['Ask Borealists, or Acme Corp', 'Ask [REDACTED:topic.rivals], or [REDACTED:topic.rivals]'],
    ['[a](https://evil.example/x)', '[a]([REDACTED:output.links])'],
    ['https://wiki.corp.example/', 'https://wiki.corp.example/'],
  ])('redact %j in an answer that streams', (text, wanted) => {
    const scan = profile.engine('output', 'response')!.open({ stopAtDenial: true });
    for (const unit of text) scan.push(unit);
    scan.end();
    const edits = scan.edits.toReversed();
    expect(edits.reduce((rest, { start, end, replacement }) => rest.slice(0, start) + replacement + rest.slice(end), text)).toBe(wanted);
  });

  it('look for links and code in answers only, and for words everywhere', () => {
    const idsIn = (lane: 'user' | 'output') => profile.engine(lane, 'response')?.rules.map(({ id, action }) => `${id} ${action}`);
    const own = (lane: 'user' | 'output') => idsIn(lane)?.filter((id) => /rivals|links|shell/.test(id));
    expect(own('user')).toEqual(['topic.rivals observe']);
    expect(own('output')).toEqual(['topic.rivals redact', 'output.links redact', 'output.shell deny']);
  });

  it('count for the version of the policy', () => {
    const other = loaded(LISTS.replace('corp.example,', 'corp2.example,').replaceAll('docs.corp', 'docs.x.corp'), { readBeside });
    const withMore = loaded(LISTS, { readBeside: (name) => `${FILES[name]}\nThird` });
    expect(new Set([policy.version, other.version, withMore.version]).size).toBe(3);
  });

  it('need no examples, but may have them', () => {
    expect(warningsOf('version: 1\ndetectors:\n  output.a: {urls: {allow: []}}\n  topic.a: {phrases: [acme]}')).toEqual([]);
  });

  it('have a row for each mistake', () => expect(WRONG).toHaveLength(10));

  it.each(WRONG)('are refused: $name', ({ row, says }) => {
    expect(errorsOf(`version: 1\ndetectors:\n  ${row}`, { readBeside })).toEqual(says);
  });
});
