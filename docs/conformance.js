// Writes docs/conformance.md from test/conformance.ts: `npm run docs`.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderConformance } from '../test/conformance.ts';

writeFileSync(path.join(import.meta.dirname, 'conformance.md'), renderConformance());
