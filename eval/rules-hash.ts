import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const DETECT = path.join(import.meta.dirname, '../src/detect');

/**
 * What the detectors do, as 12 hex digits: the sources under `src/detect` without comments, samples, summaries and references. Any other
 * change may change what is found, and asks for a new measurement.
 */
export function rulesHash(folder = DETECT): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (path.extname(file) !== '' && !file.endsWith('.md')) hash.update(`${file}\n`).update(behaviour(path.join(folder, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

function behaviour(file: string): Buffer | string {
  if (!file.endsWith('.ts')) return readFileSync(file);
  return readFileSync(file, 'utf8')
    .replaceAll(/^ {2}(?:finds|ignores|references): \[[\s\S]*?\],$/gm, '')
    .replaceAll(/^ {2}summary:[\s\S]*?,$/gm, '')
    .replaceAll(/^\s*(?:\/\/|\/\*\*|\*).*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
