import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PRESET_NAMES, PRESETS, presetSource } from '../../src/policy/presets.ts';
import { LANES } from '../../src/text/lane.ts';
import { does, loaded, warningsOf } from './compiled.ts';

const folder = new URL('../../policies/', import.meta.url);

describe('the presets', () => {
  it('are the files that people read and copy', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
    expect(files.sort()).toEqual(PRESET_NAMES.map((name) => `${name}.yaml`).sort());
    expect(Object.fromEntries(PRESET_NAMES.map((name) => [name, readFileSync(new URL(`${name}.yaml`, folder), 'utf8')]))).toEqual(PRESETS);
  });

  it.each(PRESET_NAMES)('%s loads without a warning', (name) => {
    expect(warningsOf(presetSource(name).text)).toEqual([]);
  });

  it('differ in what they enforce', () => {
    const policies = PRESET_NAMES.map((name) => loaded(presetSource(name).text));
    expect(policies.map(({ mode, failMode }) => [mode, failMode.request, failMode.onLimit, failMode.onOpaque])).toEqual([
      ['observe', 'open', 'allow', 'allow'],
      ['enforce', 'closed', 'deny', 'allow'],
      ['enforce', 'closed', 'deny', 'allow'],
    ]);
    expect(policies.map((policy) => does(policy, 'secret.jwt'))).toEqual(['high redact', 'high redact', 'high deny']);
    expect(new Set(policies.map(({ version }) => version)).size).toBe(3);
  });
});

describe('the balanced preset', () => {
  const policy = loaded(presetSource('balanced').text);
  const lanesThat = (id: string, action: string): string[] => LANES.filter((lane) => does(policy, id, { lane }).endsWith(action));

  it.each([
    'pii.card',
    'pii.iban',
    'pii.us-ssn',
    'secret.aws-access-key',
    'secret.github-token',
    'secret.jwt',
    'secret.openai-key',
    'secret.private-key',
  ])('redacts %s in every lane', (id) => {
    expect(lanesThat(id, 'redact')).toEqual([...LANES]);
  });

  it.each(['pii.email', 'pii.phone'])('only observes %s where tools and system prompts are written', (id) => {
    expect(lanesThat(id, 'observe')).toEqual(['system', 'tool-definition', 'tool-arguments']);
    expect(lanesThat(id, 'redact')).toHaveLength(LANES.length - 3);
  });

  it.each(['injection.direct', 'injection.prompt-extraction', 'injection.role-hijack'])(
    'denies %s where instructions of others can stand',
    (id) => {
      expect(lanesThat(id, 'deny')).toEqual(['user', 'tool-result', 'document', 'other']);
      expect(lanesThat(id, 'observe')).toEqual(['tool-definition', 'query']);
    },
  );

  it('only observes what the detector itself calls worth a flag', () => {
    expect(lanesThat('injection.chat-markup', 'observe')).toEqual(['user', 'tool-definition', 'tool-result', 'document', 'query', 'other']);
  });
});
