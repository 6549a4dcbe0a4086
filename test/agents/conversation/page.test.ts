import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { classifyTool } from '../../../src/agents/conversation/tool-class.ts';
import { smallPolicy } from '../../support/streams.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/agents.md'), 'utf8');

test('the example of flows in docs/agents.md loads and says what the page says', () => {
  const example = page.split('```yaml\n').find((part) => part.startsWith('toolClasses:'))!;
  const { flows, toolClasses } = smallPolicy(`version: 1\n${example.split('```')[0]!}`);
  expect(flows.map(({ to, action, allowAsked }) => ({ to, action, allowAsked }))).toEqual([
    { to: ['sends-data'], action: 'deny', allowAsked: true },
    { to: ['harmful-action'], action: 'deny', allowAsked: true },
  ]);
  expect(classifyTool('crm_delete', toolClasses)).toEqual({ classes: new Set(['private-data']), by: 'policy' });
  expect(classifyTool('render_chart', toolClasses)).toEqual({ classes: new Set(), by: 'policy' });
  const draft = { name: 'delete_draft', args: {}, values: { named: [], content: [] }, classes: new Set<never>() };
  expect([flows[1]!.unless?.(draft), flows[1]!.unless?.({ ...draft, name: 'delete_mail' })]).toEqual([true, false]);
});
