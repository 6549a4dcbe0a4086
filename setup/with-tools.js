#!/usr/bin/env node
// Plain JavaScript for old Node: makes sure Node 24, the npm packages, re2 and Envoy are there, then runs a command with them.
//
//   node setup/with-tools.js sluice up        the product's own command
//   node setup/with-tools.js vitest run       a tool from node_modules/.bin
//   node setup/with-tools.js --only           set-up alone
//
// Everything lands in `.tools/` and `node_modules/`; a step that is already done costs a file check.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { buildDashboard } from './dashboard.js';
import { findEnvoy } from './envoy.js';
import { findNode } from './node.js';
import { NODE_ENVIRONMENT, NODE_FLAGS } from './node-flags.js';
import { installPackages } from './packages.js';
import { root, SetupError, toolPath } from './step.js';

async function main(words) {
  const node = await findNode();
  await installPackages(node);
  if (words[0] !== 'sluice' || words[1] === 'up' || words[1] === 'inventory') await buildDashboard(node);
  const needsEnvoy = words[0] !== 'sluice' || words[1] === 'up'; // scanning a file or linting a policy runs without
  const envoy = await findEnvoy({ required: needsEnvoy });
  if (words[0] === '--only') return 0;
  return run(words, { node, envoy });
}

/** Runs one command with the fetched tools first in PATH; resolves to its exit code. */
function run([name, ...args], { node, envoy }) {
  // Types are stripped and code compiled once; without it every start would do it, and hold the compiler in memory.
  const own = name === 'sluice' ? NODE_ENVIRONMENT : {};
  const env = { NODE_COMPILE_CACHE: path.join(root, '.tools/compile-cache'), ...own, ...process.env, PATH: toolPath(node) };
  if (envoy !== undefined) env.ENVOY_BIN = envoy;
  const [file, rest] = resolveCommand(name, args, node);
  // Over the channel a command of ours learns that this process is gone, however it went; `up` then ends what it started.
  const stdio = name === 'sluice' ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit';
  const child = spawn(file, rest, { stdio, env });
  // A signal sent to this process alone must reach the command; one typed at the terminal reaches both anyway.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

function resolveCommand(name, args, node) {
  if (name === 'sluice') return [node, [...NODE_FLAGS, path.join(root, 'src/cli.ts'), ...args]];
  if (name === 'check') return [node, [path.join(root, 'setup/check.js'), ...args]];
  if (name === 'node') return [node, ['--disable-warning=ExperimentalWarning', ...args]];
  const local = path.join(root, 'node_modules/.bin', name);
  return [existsSync(local) ? local : name, args];
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\nset-up stopped: ${error.message}\n  next: ${error.next}\n`);
    process.exit(4);
  },
);
