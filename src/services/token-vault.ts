import { FIXED } from '../lib/limits.ts';

/**
 * The values of tokens, by scope (caller, person, conversation), for exchanges of which the provider keeps the history. Asked with promises, so
 * that another process's memory can stand behind it.
 */
export interface TokenVault {
  /** Adds to what a scope has. */
  put(scope: string, values: ReadonlyMap<string, string>, nowMs: number): Promise<void> | void;
  /** What a scope has, by token; empty: nothing, or forgotten. */
  get(scope: string, nowMs: number): Promise<ReadonlyMap<string, string>> | ReadonlyMap<string, string>;
  readonly stats: { readonly scopes: number; readonly entries: number; readonly bytes: number; readonly forgotten: number };
}

export interface TokenVaultOptions {
  /** Bytes of everything that is kept. Default `FIXED.vaultBytes`. */
  readonly bytesMax?: number;
  /** Tokens of all scopes. Default `FIXED.vaultEntries`. */
  readonly entriesMax?: number;
  /** How long a scope is remembered after it was last used, in milliseconds. Default `FIXED.vaultMs`. */
  readonly forgetMs?: number;
}

interface Kept {
  readonly values: Map<string, string>;
  bytes: number;
  seenMs: number;
}

/** In this process only. The scope that was not used for the longest time is forgotten first; `forgotten` counts tokens. */
export function createTokenVault({
  bytesMax = FIXED.vaultBytes,
  entriesMax = FIXED.vaultEntries,
  forgetMs = FIXED.vaultMs,
}: TokenVaultOptions = {}) {
  /** In the order of use. */
  const kept = new Map<string, Kept>();
  const stats = { scopes: 0, entries: 0, bytes: 0, forgotten: 0 };

  function drop(scope: string): void {
    const found = kept.get(scope);
    if (found === undefined) return;
    kept.delete(scope);
    stats.bytes -= found.bytes;
    stats.entries -= found.values.size;
    stats.forgotten += found.values.size;
  }

  /** What is left of a scope, as the one used last. */
  function touch(scope: string, nowMs: number): Kept | undefined {
    const found = kept.get(scope);
    if (found === undefined) return undefined;
    if (nowMs - found.seenMs > forgetMs) {
      drop(scope);
      return undefined;
    }
    kept.delete(scope);
    kept.set(scope, found);
    found.seenMs = nowMs;
    return found;
  }

  function add(one: Kept, token: string, value: string): void {
    if (one.values.has(token)) return;
    const bytes = 2 * (token.length + value.length) + ENTRY_BYTES;
    one.values.set(token, value);
    one.bytes += bytes;
    stats.bytes += bytes;
    stats.entries++;
  }

  return {
    stats,
    put(scope, values, nowMs) {
      if (values.size === 0) return;
      const one = touch(scope, nowMs) ?? { values: new Map<string, string>(), bytes: 0, seenMs: nowMs };
      kept.set(scope, one);
      for (const [token, value] of values) add(one, token, value);
      for (const [oldest, { seenMs }] of kept) {
        if (stats.bytes <= bytesMax && stats.entries <= entriesMax && nowMs - seenMs <= forgetMs) break;
        drop(oldest);
      }
      stats.scopes = kept.size;
    },
    get(scope, nowMs) {
      const values = new Map(touch(scope, nowMs)?.values);
      stats.scopes = kept.size;
      return values;
    },
  } satisfies TokenVault;
}

/** About what a map takes for an entry. */
const ENTRY_BYTES = 64;
