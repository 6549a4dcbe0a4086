import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CATALOGUE } from '../detect/catalogue.ts';
import { createLaneEngine } from '../detect/lane-engine.ts';
import { AppError, EXIT } from '../lib/errors.ts';
import { type CompileOptions, compilePolicy } from '../policy/compile.ts';
import { withException } from '../policy/exception-text.ts';
import { lintPolicy } from '../policy/lint.ts';
import type { Policy } from '../policy/policy.ts';
import { DEFAULT_PRESET, presetSource } from '../policy/presets.ts';
import { formatProblem, type PolicyProblem } from '../policy/problem.ts';
import type { ExceptionRow } from '../policy/schema.ts';
import type { PolicySource } from '../policy/yaml-source.ts';
import { FORMATS } from '../wire/formats/index.ts';
import { say } from './terminal.ts';

export interface LoadedPolicy {
  readonly policy: Policy;
  /** `builtin/balanced`, or the file. */
  readonly source: string;
  readonly warnings: readonly PolicyProblem[];
}

/** Loads a policy file, or the built-in balanced policy without one. Throws `policy-invalid` with every error, `file-unreadable`. */
export function loadPolicy(file: string | undefined, mode: Policy['mode'] | undefined): LoadedPolicy {
  const source = policySource(file);
  const result = compilePolicy(source, { ...compileOptions(source), ...(mode === undefined ? {} : { mode }) });
  if (!result.ok) throw new AppError('policy-invalid', result.errors.map(formatProblem).join('\n'));
  return { policy: result.policy, source: source.file, warnings: result.warnings };
}

/** `sluice policy lint FILE`: problems to stdout, one per line; exit 3 when the policy cannot be loaded, 1 when it only has warnings. */
export function policyLint(file: string): number {
  const source = readPolicyFile(file);
  const { errors, warnings, lines, version } = lintPolicy(source, compileOptions(source));
  for (const line of lines) process.stdout.write(`${line}\n`);
  if (errors.length > 0) return EXIT.policy;
  say(
    `${file} is valid: policy version ${version}${warnings.length > 0 ? `, ${warnings.length} warning${warnings.length === 1 ? '' : 's'}` : ''}`,
  );
  return warnings.length > 0 ? EXIT.findings : EXIT.ok;
}

/** The text of a policy file, or of the built-in balanced policy without one. Throws `file-unreadable`. */
export function policySource(file: string | undefined): PolicySource {
  return file === undefined ? presetSource(DEFAULT_PRESET) : readPolicyFile(file);
}

/** The text of a policy file with one more row of `exceptions`; the text that was there beside it. Throws `policy-invalid`, `file-unreadable`. */
export function policyWithException(file: string, row: ExceptionRow): { readonly before: string; readonly after: string } {
  const source = readPolicyFile(file);
  const after = withException(source.text, row);
  if (after === undefined)
    throw new AppError('policy-invalid', `${file}: a row cannot be added to its "exceptions"`, {
      next: 'write the file without braces around it and "exceptions" as a list; or leave out --policy, and put the row that is printed there by hand',
    });
  const result = compilePolicy({ file, text: after }, compileOptions(source));
  if (!result.ok) throw new AppError('policy-invalid', result.errors.map(formatProblem).join('\n'));
  return { before: source.text, after };
}

function readPolicyFile(file: string): PolicySource {
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch (cause) {
    throw new AppError('file-unreadable', `${file}: the policy file cannot be read`, { cause });
  }
}

/** What every command compiles policies with. */
function compileOptions({ file }: PolicySource): CompileOptions {
  return {
    createEngine: createLaneEngine,
    catalogue: CATALOGUE,
    dialects: FORMATS.map(({ id }) => id),
    nowMs: Date.now(),
    readBeside: (name) => readText(path.resolve(path.dirname(file), name)),
  };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // the policy says where it names the file
  }
}
