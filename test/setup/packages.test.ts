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
});
