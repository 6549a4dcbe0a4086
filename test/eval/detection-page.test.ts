import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { measuredRules } from '../../eval/document.ts';
import { PII_KINDS } from '../../eval/pii-kinds.ts';
import { rulesHash } from '../../eval/rules-hash.ts';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { detectorId } from '../../src/detect/detector.ts';

const copy = mkdtempSync(path.join(tmpdir(), 'sluice-rules-'));
afterAll(() => rmSync(copy, { recursive: true }));

describe('docs/detection.md', () => {
  it('was measured with the rules as they are (npm run eval, with the data sets)', () => {
    expect(measuredRules()).toBe(rulesHash());
  });

  it('names only detectors that exist as kinds of personal data', () => {
    const ids = CATALOGUE.map(detectorId);
    expect(PII_KINDS.flatMap(({ detectors = [] }) => detectors).filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe('the hash of the rules', () => {
  const file = path.join(copy, 'pii/us-ssn.ts');
  const edited = (edit: (source: string) => string): string => {
    const source = readFileSync(file, 'utf8');
    writeFileSync(file, edit(source));
    const hash = rulesHash(copy);
    writeFileSync(file, source);
    return hash;
  };

  it('is the same after a comment, a sample or a summary, and another after a pattern, a check or a confidence', () => {
    cpSync(path.join(import.meta.dirname, '../../src/detect'), copy, { recursive: true });
    const hash = rulesHash();
    expect(rulesHash(copy)).toBe(hash);
    expect(edited((source) => `// why\n${source}`)).toBe(hash);
    expect(edited((source) => source.replace("'my SSN is 536-22-1234',", "'my SSN is 536-22-1234', 'his is 536-22-1234',"))).toBe(hash);
    expect(edited((source) => source.replace(/summary: '/, "summary: 'All "))).toBe(hash);
    expect(edited((source) => source.replace('\\d{3}', '\\d{4}'))).not.toBe(hash);
    expect(edited((source) => source.replace('area === 0', 'area === 1'))).not.toBe(hash);
    expect(edited((source) => source.replace('0.93', '0.94'))).not.toBe(hash);
  });
});
