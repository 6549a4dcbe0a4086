// Writes docs/telemetry.md from src/telemetry/contract.ts: `npm run docs`.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderTelemetry } from '../test/telemetry/contract-page.ts';

writeFileSync(path.join(import.meta.dirname, 'telemetry.md'), renderTelemetry());
