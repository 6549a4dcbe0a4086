// The npm packages of package-lock.json, and re2, which is compiled here.
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nodedirOf } from './node.js';
import { capture, lastLines, root, SetupError, step, toolPath, toolsFolder } from './step.js';

const modules = path.join(root, 'node_modules');
const stamp = path.join(toolsFolder, 'packages.sha256');

/** Installs exactly what the lock file names; skipped while the stamp of the last installation matches and nothing named is missing. */
export async function installPackages(node) {
  const wanted = lockHash(node);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && areThere(namedPackages())) return;
  refuseLinks();
  // npm 10 and 12 disagree about install scripts and `nodedir`, so none run here and the one that is needed runs below.
  // The page is bundled and the tests run with development packages, whatever NODE_ENV or npm's own settings leave out elsewhere.
  await step('installing packages', () => npm(node, ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund']));
  if (!(await re2Works(node))) await step('compiling re2 (one to two minutes)', () => buildRe2(node));
  mkdirSync(toolsFolder, { recursive: true });
  writeFileSync(stamp, wanted);
}

function namedPackages() {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return Object.keys({ ...dependencies, ...devDependencies });
}

/** Something else may have pruned them (`npm prune --omit=dev`), or an earlier set-up left some out. */
function areThere(names) {
  return existsSync(modules) && names.every((name) => existsSync(path.join(modules, name)));
}

/** `npm ci` empties node_modules first: through a link that would be somebody else's, in use by another checkout. */
function refuseLinks() {
  for (const folder of [modules, toolsFolder]) {
    if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) continue;
    throw new SetupError(
      `${folder} is a link${existsSync(folder) ? ` to ${realpathSync(folder)}` : ''}, and installing would overwrite what it points at`,
      'remove the link and run this again: this checkout then gets packages of its own',
    );
  }
}

function lockHash(node) {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .update(node)
    .digest('hex');
}

async function npm(node, args) {
  const { code, output } = await capture('npm', args, { cwd: root, env: toolEnvironment(node) });
  if (code !== 0)
    throw new SetupError(
      `npm ${args[0]} failed:\n${lastLines(output)}`,
      'check that npm reaches its registry (npm ping) and run this again',
    );
}

async function re2Works(node) {
  return (await capture(node, ['-e', "new (require('re2'))('a')"], { cwd: root })).code === 0;
}

async function buildRe2(node) {
  const gyp = path.join(modules, 'node-gyp/bin/node-gyp.js');
  const { code, output } = await capture(node, [gyp, 'rebuild', '-j', 'max'], {
    cwd: path.join(modules, 're2'),
    env: toolEnvironment(node),
  });
  if (code === 0 && (await re2Works(node))) return;
  const compiler = (await capture('c++', ['--version'])).code === 127;
  const python = (await capture('python3', ['--version'])).code === 127;
  const next = compiler
    ? 'install a C++ compiler (Debian: apt-get install g++ make)'
    : python
      ? 'install Python 3'
      : 'read the lines above; re2 needs a C++ compiler, make and Python 3';
  throw new SetupError(`re2 did not compile:\n${lastLines(output)}`, next);
}

function toolEnvironment(node) {
  return { ...process.env, PATH: toolPath(node), npm_config_nodedir: nodedirOf(node) };
}
