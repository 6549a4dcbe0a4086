import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CATALOGUE } from '../../src/detect/catalogue.ts';
import { detectorId } from '../../src/detect/detector.ts';
import { createEngine } from '../../src/detect/engine.ts';
import { ruleOf } from '../support/rules.ts';
import { renderDetectors } from './detectors-page.ts';

const page = renderDetectors();

it('docs/detectors.md is what the catalogue says (npm run docs)', () => {
  expect(readFileSync(new URL('../../docs/detectors.md', import.meta.url), 'utf8')).toBe(page);
});

it('has an entry for every detector', () => {
  expect(page.match(/^### `.*`$/gm)).toHaveLength(CATALOGUE.length);
  expect(CATALOGUE.map(detectorId).filter((id) => !page.includes(`### \`${id}\``))).toEqual([]);
});

it('shows no whole secret', () => {
  const secrets = CATALOGUE.filter(({ family, tier }) => family === 'secret' && tier === 'block');
  const engine = createEngine(
    secrets.map((detector) => ({ ...ruleOf(detector.name, detector.pattern), id: detectorId(detector), detector })),
  );
  const scan = engine.open({ stopAtDenial: false });
  scan.push(page.replaceAll(/&#(\d+);/g, (_, unit: string) => String.fromCharCode(Number(unit))));
  scan.end();
  expect(scan.takeMatches().map(({ rule }) => rule.id)).toEqual([]);
});
