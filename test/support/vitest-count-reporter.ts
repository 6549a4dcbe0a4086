import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** How many tests a run had, for what adds up several runs. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Writes the counts of a run to the file that SLUICE_TEST_COUNTS names; does nothing without it. A module that could not be collected
 * (a syntax error, a throwing hook) and an error outside every test count as one failed test each: they must not look like zero failures.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env['SLUICE_TEST_COUNTS'];
    if (file !== undefined) writeFileSync(file, JSON.stringify(countTests(modules, unhandledErrors.length)));
  }
}

function countTests(modules: readonly TestModule[], unhandledErrors: number): TestCounts {
  const states = modules.flatMap((module) => Array.from(module.children.allTests(), (test) => test.result().state));
  const count = (state: string) => states.filter((one) => one === state).length;
  const brokenModules = modules.filter((module) => module.errors().length > 0).length;
  const brokenSuites = modules
    .flatMap((module) => Array.from(module.children.allSuites()))
    .filter((suite) => suite.errors().length > 0).length;
  // A test that never ran to its end (a crashed worker leaves it pending) has not passed.
  const failed = count('failed') + count('pending') + brokenModules + brokenSuites + unhandledErrors;
  return { passed: count('passed'), failed, skipped: count('skipped') };
}
