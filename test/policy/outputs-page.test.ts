import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loaded, warningsOf } from './compiled.ts';

const page = readFileSync(new URL('../../docs/outputs.md', import.meta.url), 'utf8');
const example = page.split('```yaml\n')[1]?.split('\n```\n')[0] ?? '';

describe('the policy on the page about answers', () => {
  const policy = loaded(example, { readBeside: (name) => (name === 'rivals.txt' ? '# ours\nFourth Company\n' : undefined) });
  const engine = policy.route({ routeName: undefined, host: '', path: '' }).profile.engine('output', 'response');

  it('loads with its examples, and nothing in it looks like a mistake', () => {
    expect(example).toContain('topic.rivals');
    expect(warningsOf(example.replace(/ {4}file: .*\n/, ''))).toEqual([]);
  });

  it('does in answers what the page says', () => {
    const own = engine?.rules.filter(({ id }) => /^(?:output|topic)\./.test(id)).map(({ id, action }) => `${id} ${action}`);
    expect(own).toEqual([
      'output.refusal observe',
      'output.refusal-cjk observe',
      'output.schema deny',
      'topic.rivals redact',
      'output.links redact',
      'output.scripts deny',
    ]);
  });
});
