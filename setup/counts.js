// Adds up the test counts of several runs; prints what failed and the line that CI reads, and ends with its exit code.
//
//   node setup/counts.js FILE…      each FILE was written by test/support/vitest-count-reporter.ts
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The sum of several runs; a run that left no counts is a failed one. */
export function sumCounts(files) {
  const runs = files.map((file) => readCounts(file) ?? { passed: 0, failed: 1, failures: [`${path.basename(file)}: left no counts`] });
  return {
    passed: runs.reduce((sum, run) => sum + run.passed, 0),
    failed: runs.reduce((sum, run) => sum + run.failed, 0),
    failures: runs.flatMap((run) => run.failures),
  };
}

/** 0 only when something ran and nothing failed: no tests at all means that they were not found. */
export function exitCodeFor({ passed, failed }) {
  return passed > 0 && failed === 0 ? 0 : 1;
}

function readCounts(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // cut off in the middle: that run did not end well
  }
}

if (import.meta.url === new URL(`file://${process.argv[1]}`).href) {
  const counts = sumCounts(process.argv.slice(2));
  for (const failure of counts.failures) process.stdout.write(`failed: ${failure}\n`);
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
  process.exitCode = exitCodeFor(counts);
}
