#!/usr/bin/env node
// Runs a command with one version of Envoy in ENVOY_BIN, fetched into .tools when it is not there yet.
//
//   node setup/with-tools.js node setup/with-envoy.js 1.36.4 vitest run test/e2e
import { spawn } from 'node:child_process';
import { fetchedEnvoy } from './envoy.js';
import { SetupError } from './step.js';

/** Runs a command to its end; resolves to its exit code. */
function run([file, ...args], environment) {
  const child = spawn(file, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

const [version, ...command] = process.argv.slice(2);
try {
  process.exitCode = await run(command, { ENVOY_BIN: await fetchedEnvoy(version) });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`\nset-up stopped: ${error.message}\n  next: ${error.next}\n`);
  process.exitCode = 4;
}
