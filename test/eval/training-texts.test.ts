import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ownRecords } from '../../eval/own-prompts.ts';
import { packageTexts } from '../../eval/package-texts.ts';

describe('the texts of our own that the model learns from', () => {
  const records = ownRecords().filter(({ source }) => source === 'text');

  it('are attacks and more harmless ones, each once, of each what it is', () => {
    const attacks = records.filter(({ label }) => label === 1).length;
    expect(attacks / records.length).toBeGreaterThan(1 / 3);
    expect(attacks / records.length).toBeLessThan(0.5);
    expect(new Set(records.map(({ text }) => text)).size).toBe(records.length);
    expect(records.filter(({ text, kind }) => text.trim() === '' || kind === '')).toEqual([]);
  });

  it('name no host of examples, where attacks send what they steal: it would be a sign of them', () => {
    const reserved = ['example.com', 'example.net', 'example.org', '.example/'];
    expect(records.filter(({ text }) => reserved.some((host) => text.includes(host))).map(({ id }) => id)).toEqual([]);
    expect(records.filter(({ text }) => text.includes('https://')).length).toBeGreaterThan(20);
  });
});

describe('texts of packages', () => {
  const records = packageTexts();

  it('are harmless pieces of every kind, each once and none longer than what the model reads of a beginning', () => {
    expect(new Set(records.map(({ kind }) => kind)).size).toBe(4);
    expect(new Set(records.map(({ text }) => text)).size).toBe(records.length);
    expect(records.filter(({ text, label }) => label !== 0 || text.length > 4_000 || text.length <= 200)).toEqual([]);
  });

  it('come from packages alone whose licence lets others use them as they like', () => {
    const licences = [...new Set(records.map(({ source }) => source))].map((name) => {
      const manifest = readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8');
      return (JSON.parse(manifest) as { readonly license: string }).license;
    });
    expect(licences.filter((licence) => /GPL|MPL|UNLICENSED|SEE LICENSE/.test(licence))).toEqual([]);
    expect(licences).toContain('MIT');
  });
});
