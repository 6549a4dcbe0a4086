import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runSluice } from './support/processes.ts';

const root = path.resolve(import.meta.dirname, '..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join('docs', name)),
];
const text = pages.map(read).join('\n');
const found = (pattern: RegExp): readonly string[] => [...new Set(Array.from(text.matchAll(pattern), ([, one]) => one ?? ''))].toSorted();

describe('the documentation', () => {
  test('names only npm scripts that exist', () => {
    const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts);
    const named = found(/npm run ([a-z:-]+)/g);
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  test('names only commands that exist', async () => {
    const named = found(
      /\bsluice ((?:inventory|policy|config|demo|agents|tools|findings) [a-z]+|up|serve|scan|replay|doctor|stop|resume)\b/g,
    );
    expect(named).toEqual(expect.arrayContaining(['inventory list', 'policy lint', 'scan', 'serve', 'up']));
    const codes = await Promise.all(named.map(async (command) => [command, (await runSluice([...command.split(' '), '--help'])).code]));
    expect(codes.filter(([, code]) => code !== 0)).toEqual([]);
  });

  test('names only options that the commands have', async () => {
    const help = await Promise.all(
      [
        'up',
        'serve',
        'scan',
        'replay',
        'doctor',
        'init envoy',
        'stop',
        'resume',
        'tools approve',
        'inventory list',
        'inventory serve',
        'inventory diff',
        'inventory show',
        'inventory export',
        'findings list',
        'findings dismiss',
      ].map((command) => runSluice([...command.split(' '), '--help'])),
    );
    const options = help.map(({ stdout }) => stdout).join('\n');
    const named = found(/(?:sluice|npm start --) [^\n`]*?(--[a-z-]{3,})/g);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((option) => option !== '--help' && !options.includes(option))).toEqual([]);
  });

  test('names only files that exist', () => {
    const linked = pages.flatMap((page) =>
      Array.from(read(page).matchAll(/\]\(([\w./-]+\.\w+)\)/g), ([, link]) => path.join(path.dirname(page), link!)),
    );
    const named = [...found(/`((?:src|test|setup|envoy|docs|bin|\.ci)\/[\w./-]+)`/g), ...linked];
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });

  test('names only files and folders of src that exist', () => {
    const rooms = readdirSync(path.join(root, 'src')).join('|').replaceAll('.', '\\.');
    const named = found(new RegExp(`\`((?:${rooms})/[\\w./-]*)\``, 'g'));
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !existsSync(path.join(root, 'src', name)))).toEqual([]);
  });
});
