import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const source = path.resolve(import.meta.dirname, '../src');

/** Rooms from the innermost out; a room may import itself and what stands before it. Those on one line may import each other. */
const ORDER = [
  ['lib'],
  ['text'],
  ['wire', 'detect'],
  ['agents'],
  ['policy'],
  ['respond'],
  ['exchange'],
  ['services', 'telemetry', 'audit', 'replay'],
  ['extproc', 'inventory'],
  ['report', 'doctor'],
  ['cli', 'demo'],
] as const;

/** Rooms of the architecture that have no file yet; a room that gets its first file leaves this list. */
const NOT_BUILT = new Set(['audit', 'report']);

const PURE = new Set(['lib', 'text', 'wire', 'detect', 'agents', 'policy', 'respond', 'exchange', 'doctor']);

/** What computes without reaching out: allowed in pure rooms although it comes from Node. */
const PURE_MODULES = new Set(['node:crypto', 'node:buffer', 'node:string_decoder', 'node:module', 'node:zlib']);

const REACHES_OUT = [
  'process.env',
  'process.on',
  'process.hrtime',
  'Date.now',
  'new Date()',
  'performance.now',
  'Math.random',
  'randomBytes',
  'randomUUID',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch(',
] as const;

/** Comments, and literals with their two marks; patterns with the sticky flag. */
const LITERALS = [
  /\/\*[\s\S]*?\*\/|\/\/.*/y,
  /(')(?:[^'\\\n]|\\.)*(')|(")(?:[^"\\\n]|\\.)*(")/y,
  // A slash begins a pattern where no value stands in front of it that it could divide.
  /(?<=(?:^|[(,=:[!&|?{};>]|\breturn)\s*)(\/)(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+(\/)/my,
] as const;

interface SourceFile {
  /** Relative to src/. */
  readonly name: string;
  readonly room: string;
  /** What runs: without comments and without what literals say. */
  readonly code: string;
  /** Module specifiers, type-only and dynamic ones included. */
  readonly imports: readonly string[];
}

const files: readonly SourceFile[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => {
    const text = readFileSync(path.join(source, name), 'utf8');
    return { name, room: roomOf(name), code: codeOf(text), imports: importsOf(text) };
  });

const rank = new Map<string, number>(ORDER.flatMap((rooms, index) => rooms.map((room) => [room, index] as const)));

describe('the rooms of src', () => {
  test('every file stands in a room of the architecture', () => {
    expect(files.filter(({ room }) => !rank.has(room)).map(({ name }) => name)).toEqual([]);
  });

  test('every room that is built has files, and every file was read', () => {
    const rooms = new Set(files.map(({ room }) => room));
    const missing = [...rank.keys()].filter((room) => !rooms.has(room));
    expect(missing.toSorted()).toEqual([...NOT_BUILT].toSorted());
    expect(files.length).toBeGreaterThan(60);
    expect(files.flatMap(({ imports }) => imports).length).toBeGreaterThan(files.length);
  });

  test('no file imports a room that stands after its own', () => {
    const wrong = files.flatMap((file) =>
      localImports(file)
        .filter((target) => (rank.get(roomOf(target)) ?? Number.POSITIVE_INFINITY) > (rank.get(file.room) ?? -1))
        .map((target) => `${file.name} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('every local import names its file with its ending', () => {
    const wrong = files.flatMap(({ name, imports }) =>
      imports.filter((target) => target.startsWith('.') && !target.endsWith('.ts')).map((target) => `${name}: ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('pure rooms import no module of Node that reaches out', () => {
    const wrong = pureFiles().flatMap(({ name, imports }) =>
      imports.filter((target) => target.startsWith('node:') && !PURE_MODULES.has(target)).map((target) => `${name}: ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('pure rooms use no clock, randomness, environment or network', () => {
    const wrong = pureFiles().flatMap(({ name, code }) =>
      REACHES_OUT.filter((word) => code.includes(word)).map((word) => `${name}: ${word}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the reader of imports', () => {
  test('sees static, type-only, side-effect, re-exported and dynamic imports', () => {
    const text = [
      "import a from './a.ts';",
      "import type { B } from '../lib/b.ts';",
      "import {\n  c,\n  d,\n} from './c.ts';",
      "import './e.ts';",
      "export * from './f.ts';",
      "export type { G } from './g.ts';",
      "const h = await import('./h.ts');",
      "type I = import('./i.ts').I;",
    ].join('\n');
    expect(importsOf(text)).toEqual(['./a.ts', '../lib/b.ts', './c.ts', './e.ts', './f.ts', './g.ts', './h.ts', './i.ts']);
  });

  test('does not take comments for code', () => {
    expect(withoutComments("const a = 1; // Date.now\n/* Math.random */ const b = 'x'; // y")).not.toMatch(/Date\.now|Math\.random/);
  });
});

describe('the reader of code', () => {
  test.each([
    ["const a = 1; // Date.now\n/* Math.random */ const b = 'x';", "const a = 1; \n const b = '';"],
    ["const a = 'process.env.X'; f(process.env)", "const a = ''; f(process.env)"],
    ['const a = "it\\"s fetch(1)" + fetch(2)', 'const a = "" + fetch(2)'],
    ["const a = `Date.now #{'Date.now'} #{Date.now()} Date.now`;", "const a = `#{''}#{Date.now()}`;"],
    ["const a = `x #{b ? `fetch(1) #{fetch(2)}` : { c: '}' }} fetch(3)`;", "const a = `#{b ? `#{fetch(2)}` : { c: '' }}`;"],
    ["const a = /['`]fetch(1)[/]\\/'/i.test(fetch(2));", 'const a = //i.test(fetch(2));'],
    ["const a = b / 2; f('/', fetch(1) / 2)", "const a = b / 2; f('', fetch(1) / 2)"],
  ])('%s', (source, code) => {
    const withDollars = (text: string) => text.replaceAll('#{', '${'); // the linter takes them for templates that were forgotten
    expect(codeOf(withDollars(source))).toBe(withDollars(code));
  });
});

function pureFiles(): readonly SourceFile[] {
  const pure = files.filter(({ room }) => PURE.has(room));
  expect(pure.length).toBeGreaterThan(30);
  return pure;
}

/** First folder below src/; `cli.ts` belongs to `cli`. */
function roomOf(name: string): string {
  return name === 'cli.ts' ? 'cli' : (name.split('/')[0] ?? name);
}

/** Local imports of a file, relative to src/. */
function localImports({ name, imports }: SourceFile): readonly string[] {
  return imports.filter((target) => target.startsWith('.')).map((target) => path.join(path.dirname(name), target));
}

function importsOf(text: string): readonly string[] {
  const pattern = /(?:^|[\s;=(])(?:import|export)\s*(?:[^'"();]*?\sfrom\s*|\(\s*)?['"]([^'"]+)['"]/g;
  return Array.from(withoutComments(text).matchAll(pattern), ([, target]) => target ?? '');
}

/** Drops block comments and line comments that begin a line or follow white space. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}

/** A source without its comments, and with nothing between the marks of its strings, patterns and templates but what templates compute. */
function codeOf(source: string): string {
  let code = '';
  /** For each template that is open, the braces that are open in what it computes; -1 while its own text is read. */
  const templates: number[] = [];
  for (let at = 0; at < source.length; ) {
    const braces = templates.at(-1);
    if (braces === -1) {
      const text = matchAt(/(?:[^`$\\]|\\[\s\S]|\$(?!\{))+/y, source, at)?.[0] ?? '';
      const mark = source.startsWith('${', at + text.length) ? '${' : '`';
      if (mark === '`') templates.pop();
      else templates[templates.length - 1] = 0;
      code += mark;
      at += text.length + mark.length;
      continue;
    }
    const literal = LITERALS.map((pattern) => matchAt(pattern, source, at)).find((match) => match !== null);
    if (literal !== undefined) {
      code += literal.slice(1).join('');
      at += literal[0].length;
      continue;
    }
    const unit = source[at]!;
    code += unit;
    at++;
    if (unit === '`') templates.push(-1);
    else if (braces !== undefined && unit === '{') templates[templates.length - 1] = braces + 1;
    else if (braces !== undefined && unit === '}') templates[templates.length - 1] = braces - 1;
  }
  return code;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
