// What the set-up steps share: where things go, how progress is shown, how a step fails.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const toolsFolder = path.join(root, '.tools');

/** A failed step: what is missing, and the next thing to do about it. */
export class SetupError extends Error {
  constructor(message, next) {
    super(message);
    this.next = next;
  }
}

/** PATH with the given Node and the project's own commands in front. */
export function toolPath(node) {
  return [path.dirname(node), path.join(root, 'node_modules/.bin'), process.env.PATH].join(path.delimiter);
}

/** Shows a line that grows while `work` runs: seconds on a terminal, one line elsewhere. */
export async function step(title, work) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const live = process.stderr.isTTY && !process.env.CI;
  process.stderr.write(live ? `• ${title}` : `• ${title}\n`);
  const timer = live ? setInterval(() => process.stderr.write(`\r• ${title} … ${seconds()}`), 1000) : undefined;
  try {
    const result = await work();
    process.stderr.write(live ? `\r✓ ${title} (${seconds()})      \n` : `✓ ${title} (${seconds()})\n`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

/** Runs a program to its end; resolves to `{ code, output }`, code 127 when it is not there. */
export function capture(file, args, options = {}) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (data) => {
      output += data;
    });
    child.stderr.on('data', (data) => {
      output += data;
    });
    child.on('error', () => resolve({ code: 127, output }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The last lines of a program's output, for an error message. */
export function lastLines(output, count = 12) {
  return output
    .trimEnd()
    .split('\n')
    .slice(-count)
    .map((line) => `    ${line}`)
    .join('\n');
}
