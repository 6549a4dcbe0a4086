import { wordsOf } from './identifier-words.ts';

/** What a call is given, as text: strings and numbers of its arguments, in order, keys left out; at most `LEAVES_MAX` of both. */
export interface CallValues {
  /** Whom or what it names: recipients, accounts, files, addresses, amounts. */
  readonly named: readonly string[];
  /** What it carries: a message's text, a page's body. */
  readonly content: readonly string[];
}

/** Leaves read of one call's arguments; what stands behind them does not count. */
const LEAVES_MAX = 4096;

/** The values of parsed arguments. The nearest key says which kind a value is, lists have no key of their own. Never throws. */
export function readCallValues(args: unknown): CallValues {
  const named: string[] = [];
  const content: string[] = [];
  const stack: { readonly value: unknown; readonly isContent: boolean }[] = [{ value: args, isContent: false }];
  while (stack.length > 0 && named.length + content.length < LEAVES_MAX) {
    const { value, isContent } = stack.pop()!;
    if (typeof value === 'string' || typeof value === 'number') (isContent ? content : named).push(String(value));
    else if (Array.isArray(value)) for (const inner of value.slice(0, LEAVES_MAX).reverse()) stack.push({ value: inner, isContent });
    else if (typeof value === 'object' && value !== null) {
      const fields = Object.entries(value).slice(0, LEAVES_MAX).reverse();
      for (const [key, inner] of fields) stack.push({ value: inner, isContent: isContentKey(key) });
    }
  }
  return { named, content };
}

/** The last word of a key says what stands there: `messageText`, `html_body`. */
function isContentKey(key: string): boolean {
  return CONTENT.has(wordsOf(key).at(-1) ?? '');
}

const CONTENT: ReadonlySet<string> = new Set(
  'body text content contents message html markdown subject title description summary comment caption'.split(' '),
);
