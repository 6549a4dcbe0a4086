// Writes docs/performance.md from the newest records under bench/records: `npm run docs`.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderPerformance } from '../test/bench/performance-page.ts';

writeFileSync(path.join(import.meta.dirname, 'performance.md'), renderPerformance());
