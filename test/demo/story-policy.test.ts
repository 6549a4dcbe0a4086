import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadPolicy } from '../../src/cli/policy.ts';

const read = (name: string): string => path.resolve(import.meta.dirname, '../../src/demo', name);

test("the story's policy is the bank's, with its app as an agent that is granted what it uses and one thing more", () => {
  const [bank, story] = ['bank-policy.yaml', 'story-policy.yaml'].map((name) => parse(readFileSync(read(name), 'utf8')) as object);
  const { agents, ...others } = story as { agents: object };
  expect(others).toEqual(bank);
  expect(agents).toMatchObject({ unknown: 'observe', 'bank-app': { tools: ['read_mail', 'get_account', 'send_mail', 'close_account'] } });
  expect(loadPolicy(read('story-policy.yaml'), undefined).policy.agents.agents.map(({ name }) => name)).toEqual(['bank-app']);
});
