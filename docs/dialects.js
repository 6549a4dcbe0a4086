// Writes docs/dialects.md from the dialects and their contract cases: `npm run docs`.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderDialects } from '../test/contract/dialect-table.ts';

writeFileSync(path.join(import.meta.dirname, 'dialects.md'), renderDialects());
