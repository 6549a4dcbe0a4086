import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { DataRecord } from './model-data.ts';

/**
 * What the packages that the project is built with say of themselves: documentation, licences, declarations and sources, as coding agents
 * read them. Their versions are pinned, so the same commit gives the same texts; none of them stands in the project.
 */
const FOLDER = path.join(import.meta.dirname, '../node_modules');

/** What may be learnt from, by the name that a package gives its licence. */
const LICENCES = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'MIT-0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
]);

/** Which files are read, as what kind, and how many pieces of one package. */
const KINDS = [
  { kind: 'package_licence', pattern: /^(licen[cs]e|notice|copying)(\.(md|txt))?$/i, most: 2 },
  { kind: 'package_documentation', pattern: /\.md$/i, most: 6 },
  { kind: 'package_declarations', pattern: /\.d\.[cm]?ts$/, most: 2 },
  { kind: 'package_source', pattern: /(?<!\.min)\.[cm]?[jt]s$/, most: 3 },
] as const;

/** Lengths of pieces, in turn: what fills a few blocks, and all that the model reads of a text. */
const PIECE_UNITS = [500, 1_500, 4_000] as const;
/** Larger files are generated ones. */
const FILE_UNITS_MAX = 200_000;
const FILES_MAX = 8;

export function packageTexts(): readonly DataRecord[] {
  const seen = new Set<string>();
  return packagesIn(FOLDER).flatMap((name) =>
    piecesOf(name).filter(({ text }) => {
      const isNew = !seen.has(text);
      seen.add(text);
      return isNew;
    }),
  );
}

function packagesIn(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => !name.startsWith('.'));
  const scoped = names
    .filter((name) => name.startsWith('@'))
    .flatMap((scope) => readdirSync(path.join(folder, scope)).map((name) => `${scope}/${name}`));
  return [...names.filter((name) => !name.startsWith('@')), ...scoped].filter((name) => mayBeRead(path.join(folder, name))).toSorted();
}

function mayBeRead(folder: string): boolean {
  const manifest = path.join(folder, 'package.json');
  return existsSync(manifest) && LICENCES.has((JSON.parse(readFileSync(manifest, 'utf8')) as { readonly license?: string }).license ?? '');
}

function piecesOf(name: string): readonly DataRecord[] {
  const folder = path.join(FOLDER, name);
  const files = globSync('**/*', { cwd: folder, exclude: ['**/node_modules/**'] });
  return KINDS.flatMap(({ kind, most }) =>
    files
      .filter((file) => kindOf(file) === kind)
      .toSorted(byDigest)
      .slice(0, FILES_MAX)
      .flatMap((file) => cut(readFileSync(path.join(folder, file), 'utf8')).map((text, k) => ({ file, text, k })))
      .slice(0, most)
      .map(({ file, text, k }) => ({ id: `${name}/${file}#${k}`, text, label: 0, kind, set: 'packages', source: name, training: true })),
  );
}

function kindOf(file: string): string | undefined {
  return KINDS.find(({ pattern }) => pattern.test(path.basename(file)))?.kind;
}

/** Some pieces of a file, spread over it. */
function cut(text: string): readonly string[] {
  if (text.length > FILE_UNITS_MAX) return [];
  const pieces: string[] = [];
  for (let from = 0; from < text.length && pieces.length < 3; from += Math.ceil(text.length / 3)) {
    const units = PIECE_UNITS[(text.length + pieces.length) % PIECE_UNITS.length]!;
    pieces.push(text.slice(from, from + units).toWellFormed());
  }
  return pieces.filter((piece) => piece.length > 200);
}

/** No order of the alphabet: what comes first in a package is not all of one folder. */
function byDigest(a: string, b: string): number {
  return digestOf(a) < digestOf(b) ? -1 : 1;
}

const digestOf = (file: string): string => createHash('sha256').update(file).digest('hex');
