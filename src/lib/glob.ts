/**
 * A glob over names, hosts or paths. `*` matches any run of characters without the separator, `**` any run at all; everything else is
 * literal. With the empty separator both match anything. Time is linear in the text for a given glob: no backtracking.
 */
export interface Glob {
  readonly source: string;
  matches(text: string): boolean;
  /** Whether every text that `other` matches is matched here. Never says yes wrongly; may miss a yes when both hold several wildcards. */
  covers(other: Glob): boolean;
}

export interface GlobOptions {
  /** One character (`/`, `.`), or the empty string. */
  readonly separator: string;
  /** Whether a glob that ends in separator and `**` also matches what stands before that separator (`/v1/**` matches `/v1`). */
  readonly bareParent?: boolean;
}

type Token = string | typeof STAR | typeof GLOBSTAR;
const STAR = 1;
const GLOBSTAR = 2;

export function compileGlob(source: string, { separator, bareParent = false }: GlobOptions): Glob {
  const tokens = tokenise(source, separator);
  const parent = bareParent && source.endsWith(`${separator}**`) ? tokens.slice(0, -2) : undefined;
  const simple = parent === undefined ? simpleMatch(tokens) : simpleBelow(tokens, parent);
  const accepts = (symbols: readonly Token[]): boolean =>
    run(tokens, symbols, separator) || (parent !== undefined && run(parent, symbols, separator));
  return {
    source,
    matches: simple ?? ((text) => accepts([...text])),
    covers: (other) => {
      const symbols = tokenise(other.source, separator);
      const bare = bareParent && other.source.endsWith(`${separator}**`) ? symbols.slice(0, -2) : undefined;
      return accepts(symbols) && (bare === undefined || accepts(bare));
    },
  };
}

/** A literal place and everything below it, without walking the text; undefined for others. */
function simpleBelow(tokens: readonly Token[], parent: readonly Token[]): Glob['matches'] | undefined {
  if (!parent.every((token) => typeof token === 'string')) return undefined;
  const [place, below] = [parent.join(''), tokens.slice(0, -1).join('')];
  return (text) => text.startsWith(below) || text === place;
}

/** The two shapes that most globs have, a literal and a prefix with `**` behind it, without walking the text; undefined for others. */
function simpleMatch(tokens: readonly Token[]): Glob['matches'] | undefined {
  const wildcard = tokens.findIndex((token) => typeof token !== 'string');
  const literal = tokens.slice(0, wildcard < 0 ? tokens.length : wildcard).join('');
  if (wildcard < 0) return (text) => text === literal;
  return wildcard === tokens.length - 1 && tokens[wildcard] === GLOBSTAR ? (text) => text.startsWith(literal) : undefined;
}

/** Whether a text is a glob at all. */
export function isGlob(source: string): boolean {
  return source.includes('*');
}

function tokenise(source: string, separator: string): Token[] {
  const tokens: Token[] = [];
  const characters = [...source];
  for (let i = 0; i < characters.length; i++) {
    if (characters[i] !== '*') tokens.push(characters[i]!);
    else if (characters[i + 1] === '*' || separator === '') {
      while (characters[i + 1] === '*') i++;
      tokens.push(GLOBSTAR);
    } else tokens.push(STAR);
  }
  return tokens;
}

/** Runs the glob over symbols, keeping the set of token positions that are alive. A wildcard of another glob is a symbol of its own. */
function run(tokens: readonly Token[], symbols: readonly Token[], separator: string): boolean {
  let alive = new Uint8Array(tokens.length + 1);
  enter(alive, 0, tokens);
  for (const symbol of symbols) {
    const next = new Uint8Array(tokens.length + 1);
    for (let at = 0; at < tokens.length; at++) {
      if (alive[at] === 0) continue;
      const token = tokens[at]!;
      if (token === GLOBSTAR || (token === STAR && symbol !== separator && symbol !== GLOBSTAR)) enter(next, at, tokens);
      else if (token !== STAR && token === symbol) enter(next, at + 1, tokens);
    }
    alive = next;
  }
  return alive[tokens.length] === 1;
}

/** Marks a position, and those that can be reached from it because wildcards match the empty text. */
function enter(alive: Uint8Array, position: number, tokens: readonly Token[]): void {
  for (let at = position; ; at++) {
    alive[at] = 1;
    if (tokens[at] !== STAR && tokens[at] !== GLOBSTAR) return;
  }
}
