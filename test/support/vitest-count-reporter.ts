import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** How many tests a run had and what failed in it, for what adds up several runs. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** A line for each failure: where it is, and the first line of its message. As many as `failed`. */
  readonly failures: readonly string[];
}

/**
 * Adds the counts of a run to the file that SLUICE_TEST_COUNTS names; does nothing without it. A module that could not be collected
 * (a syntax error, a throwing hook) and an error outside every test count as one failed test each: they must not look like zero failures.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const file = process.env['SLUICE_TEST_COUNTS'];
    if (file === undefined) return;
    const counts = countTests(modules, unhandledErrors);
    writeFileSync(file, JSON.stringify(existsSync(file) ? added(JSON.parse(readFileSync(file, 'utf8')) as TestCounts, counts) : counts));
  }
}

function added(before: TestCounts, counts: TestCounts): TestCounts {
  return {
    passed: before.passed + counts.passed,
    failed: before.failed + counts.failed,
    skipped: before.skipped + counts.skipped,
    failures: [...before.failures, ...counts.failures],
  };
}

function countTests(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): TestCounts {
  const tests = modules.flatMap((module) => Array.from(module.children.allTests()));
  const count = (state: string) => tests.filter((one) => one.result().state === state).length;
  const failures = [
    ...tests.filter((one) => one.result().state === 'failed').map((one) => line(one.module, one.fullName, one.result().errors)),
    // A test that never ran to its end (a crashed worker leaves it pending) has not passed.
    ...tests.filter((one) => one.result().state === 'pending').map((one) => line(one.module, `${one.fullName} (did not end)`)),
    ...modules.filter((module) => module.errors().length > 0).map((module) => line(module, '(the module)', module.errors())),
    ...modules
      .flatMap((module) => Array.from(module.children.allSuites()))
      .filter((suite) => suite.errors().length > 0)
      .map((suite) => line(suite.module, `${suite.fullName} (the suite)`, suite.errors())),
    ...unhandledErrors.map((error) => `outside every test: ${firstLine([error])}`),
  ];
  return { passed: count('passed'), failed: failures.length, skipped: count('skipped'), failures };
}

function line(module: TestModule, name: string, errors?: readonly SerializedError[]): string {
  return `${module.relativeModuleId}: ${name}: ${firstLine(errors ?? [])}`;
}

function firstLine(errors: readonly SerializedError[]): string {
  const [error] = errors;
  if (error === undefined) return 'no error was given';
  const frame = error.stacks?.[0];
  const place = frame === undefined ? '' : ` (${frame.file}:${String(frame.line)})`;
  return `${error.message.split('\n', 1)[0] ?? ''}${place}`;
}
