import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

describe('installing packages', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sluice-setup-'));
    cpSync(path.join(root, 'setup'), path.join(folder, 'checkout/setup'), { recursive: true });
    writeFileSync(path.join(folder, 'checkout/package.json'), '{"name":"sample","version":"1.0.0","type":"module"}');
    writeFileSync(path.join(folder, 'checkout/package-lock.json'), '{"name":"sample","version":"1.0.0","lockfileVersion":3,"packages":{}}');
    mkdirSync(path.join(folder, 'shared'));
    writeFileSync(path.join(folder, 'shared/in-use.txt'), 'belongs to another checkout');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each(['node_modules', '.tools'])('refuses to install through a linked %s and leaves what it points at alone', (name) => {
    symlinkSync(path.join(folder, 'shared'), path.join(folder, 'checkout', name));
    const args = [path.join(folder, 'checkout/setup/with-tools.js'), 'sluice', '--version'];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(stderr).toContain(`${name} is a link to `);
    expect(status).toBe(4);
    expect(readdirSync(path.join(folder, 'shared'))).toEqual(['in-use.txt']);
    expect(readFileSync(path.join(folder, 'shared/in-use.txt'), 'utf8')).toBe('belongs to another checkout');
  });

  const startSample = (more: NodeJS.ProcessEnv = {}) => {
    const args = [path.join(folder, 'checkout/setup/with-tools.js'), 'sluice', 'version'];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, ...more } });
    return { status, stdout };
  };
  const installed = () => readdirSync(path.join(folder, 'checkout/node_modules')).filter((name) => !name.startsWith('.'));
  const STARTED = { status: 0, stdout: 'started\n' };

  test.each([{ NODE_ENV: 'production' }, { npm_config_omit: 'dev' }])('installs what the page and the tests need with %o too', (more) => {
    sampleWithPackages(path.join(folder, 'checkout'));
    expect([startSample(more), installed()]).toEqual([STARTED, ['bundler', 're2']]);
  });

  test('installs again what something else has removed', () => {
    sampleWithPackages(path.join(folder, 'checkout'));
    startSample();
    rmSync(path.join(folder, 'checkout/node_modules/bundler'));
    expect([startSample(), installed()]).toEqual([STARTED, ['bundler', 're2']]);
  });
});

/** A project with a package of each kind, which npm links from folders of its own. */
function sampleWithPackages(checkout: string): void {
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(checkout, name)), { recursive: true });
    writeFileSync(path.join(checkout, name), text);
  };
  const sample = {
    name: 'sample',
    version: '1.0.0',
    type: 'module',
    dependencies: { re2: 'file:re2' },
    devDependencies: { bundler: 'file:bundler' },
  };
  const linked = { link: true };
  const packages = {
    '': sample,
    re2: { version: '1.0.0' },
    bundler: { version: '1.0.0', dev: true },
    'node_modules/re2': { resolved: 're2', ...linked },
    'node_modules/bundler': { resolved: 'bundler', dev: true, ...linked },
  };
  write('package.json', JSON.stringify(sample));
  write('package-lock.json', JSON.stringify({ name: 'sample', version: '1.0.0', lockfileVersion: 3, requires: true, packages }));
  for (const name of ['re2', 'bundler']) write(`${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.cjs' }));
  write('re2/index.cjs', 'module.exports = class {};\n');
  write('src/cli.ts', "console.log('started');\n");
}
