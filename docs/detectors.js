// Writes docs/detectors.md from the catalogue: `npm run docs`.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderDetectors } from '../test/detect/detectors-page.ts';

writeFileSync(path.join(import.meta.dirname, 'detectors.md'), renderDetectors());
