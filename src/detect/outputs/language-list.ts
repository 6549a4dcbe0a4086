/** The languages of fenced code that a policy lists, by the tags that are written behind the fence. */
export interface LanguageList {
  /** `tag` as `languageOf` gives it. */
  has(tag: string): boolean;
}

/** Entries are tags; those of one language stand for each other (`sh`, `bash`, `console`). `untagged`: a block that says none. */
export function languageList(entries: readonly string[]): LanguageList {
  const languages = new Set(entries.map((entry) => canonical(entry.trim().toLowerCase())));
  return { has: (tag) => languages.has(canonical(tag)) };
}

/**
 * The tag of a fence's info string, in lower case: `Python title="x"`, `{.python}`, `python:app.py` and `language-python` are `python`.
 * `untagged` when there is none.
 */
export function languageOf(info: string): string {
  const lower = info.trim().toLowerCase();
  let from = 0;
  while (from < lower.length && '{. '.includes(lower[from]!)) from++;
  for (const prefix of ['language-', 'lang-']) if (lower.startsWith(prefix, from)) from += prefix.length;
  let end = from;
  while (end < lower.length && !TAG_ENDS.includes(lower[end]!)) end++;
  return lower.slice(from, end) || UNTAGGED;
}

const TAG_ENDS = ' \t\r,;:{}()="\'';
export const UNTAGGED = 'untagged';

/** Tags of one language; the first is its name. */
const LANGUAGES: readonly (readonly string[])[] = [
  [
    'shell',
    'sh',
    'bash',
    'zsh',
    'ksh',
    'csh',
    'tcsh',
    'fish',
    'dash',
    'ash',
    'console',
    'terminal',
    'shell-session',
    'shellsession',
    'shellscript',
    'sh-session',
  ],
  ['powershell', 'pwsh', 'ps', 'ps1', 'posh'],
  ['batch', 'bat', 'cmd', 'dos'],
  [
    'sql',
    'mysql',
    'postgres',
    'postgresql',
    'pgsql',
    'plpgsql',
    'plsql',
    'tsql',
    'mssql',
    'sqlite',
    'sqlite3',
    'mariadb',
    'bigquery',
    'snowflake',
  ],
  ['html', 'htm', 'xhtml', 'html5', 'svg'],
  ['javascript', 'js', 'mjs', 'cjs', 'jsx', 'node', 'ecmascript'],
  ['typescript', 'ts', 'mts', 'cts', 'tsx'],
  ['python', 'py', 'py3', 'python3', 'pycon', 'ipython'],
  ['ruby', 'rb', 'irb'],
  ['go', 'golang'],
  ['rust', 'rs'],
  ['csharp', 'c#', 'cs'],
  ['cpp', 'c++', 'cc', 'cxx', 'hpp'],
  ['php', 'php3', 'php4', 'php5', 'phtml'],
  ['perl', 'pl', 'pm'],
  ['kotlin', 'kt', 'kts'],
  ['visualbasic', 'vb', 'vbnet', 'vba', 'vbs', 'vbscript'],
  ['yaml', 'yml'],
  ['json', 'jsonc', 'json5', 'jsonl', 'ndjson'],
  ['markdown', 'md'],
  ['text', 'txt', 'plain', 'plaintext'],
  ['dockerfile', 'docker'],
  ['terraform', 'tf', 'hcl'],
  ['xml', 'xsl', 'xslt', 'xsd'],
];

const NAMES: ReadonlyMap<string, string> = new Map(LANGUAGES.flatMap((tags) => tags.map((tag) => [tag, tags[0]!])));

const canonical = (tag: string): string => NAMES.get(tag) ?? tag;
