// `npm run check`: format and lint, type-aware lint, types, dead code, layers and unit tests; a line for each, details when one fails.
import { capture, lastLines, root } from './step.js';

const CHECKS = [
  ['format and lint', 'biome', ['check', '--error-on-warnings']],
  ['lint with types', 'oxlint', ['--type-aware', '--deny-warnings', 'src', 'test', 'bench', 'eval', 'dashboard']],
  ['types', 'tsc', ['-p', '.']],
  ['types of page', 'tsc', ['-p', 'dashboard']],
  ['dead code', 'knip', []],
  ['layers', 'vitest', ['run', 'test/layers.test.ts']],
  ['unit tests', 'vitest', ['run', '--project', 'pure', '--project', 'apart']],
];

/** Lines of a failed check that are shown. */
const SHOWN_LINES = 60;

let failed = 0;
for (const [title, tool, args] of CHECKS) {
  const started = Date.now();
  const { code, output } = await capture(tool, args, { cwd: root, env: { ...process.env, NO_COLOR: '1', CI: 'true' } });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? '✓' : '✗'} ${title.padEnd(16)} ${seconds.padStart(6)} s\n`);
  if (code === 0) continue;
  failed++;
  process.stdout.write(`${lastLines(output, SHOWN_LINES)}\n`);
}
process.stdout.write(failed === 0 ? 'all checks passed\n' : `${failed} of ${CHECKS.length} checks failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
