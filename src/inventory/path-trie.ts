import { createHash } from 'node:crypto';
import { MORE } from './facts.ts';

/**
 * The paths that are kept, bounded so that the choice does not depend on their order: of the segments that ever stood at one place (hosts
 * are the first place) the `childrenMax` with the smallest hashes keep their names, all others become `{more}`. A segment that is kept at
 * the end was among the smallest at every moment, so nothing of it was ever counted elsewhere. Segments that telemetry typed (`{id}`)
 * always stay.
 */
export interface PathTrie {
  /** Makes room for a path. Returns whether segments that had names before lost them: then paths have to be placed again. */
  insert(host: string, path: string): boolean;
  /** The path's name now: host and path with `{more}` where a segment is not kept. Only of paths that were inserted. */
  place(host: string, path: string): { readonly host: string; readonly path: string };
}

export interface PathTrieOptions {
  readonly childrenMax: number;
  /** Secret of the database: nobody can choose paths that push others out. */
  readonly salt: string;
}

interface Node {
  readonly children: Map<string, Node>;
  /** Hashes of the children that count. */
  readonly hashes: Map<string, string>;
  /** The greatest of them, once the node is full. */
  greatest: string | undefined;
}

const createNode = (): Node => ({ children: new Map(), hashes: new Map(), greatest: undefined });

export function createPathTrie({ childrenMax, salt }: PathTrieOptions): PathTrie {
  const root = createNode();
  const hash = (segment: string): string => createHash('sha256').update(`${salt}\0${segment}`).digest('hex').slice(0, 16);

  return {
    insert: (host, path) => insert(root, [host, ...path.split('/')]),
    place(host, path) {
      const placed: string[] = [];
      let node: Node | undefined = root;
      for (const segment of [host, ...path.split('/')]) {
        const name: string = node?.children.has(segment) ? segment : MORE;
        placed.push(name);
        node = node?.children.get(name);
      }
      const [placedHost = '', ...segments] = placed;
      return { host: placedHost, path: segments.join('/') };
    },
  };

  function insert(start: Node, segments: readonly string[]): boolean {
    let node = start;
    let moved = false;
    for (const segment of segments) {
      const known = node.children.get(segment);
      if (known !== undefined) {
        node = known;
        continue;
      }
      const { name, evicted } = admit(node, segment);
      if (evicted !== undefined) moved = true;
      node = node.children.get(name) ?? childOf(node, name);
    }
    return moved;
  }

  /** Under which name a new segment stands at this node; a full node gives up its greatest child for a smaller one. */
  function admit(node: Node, segment: string): { readonly name: string; readonly evicted: string | undefined } {
    if (isTyped(segment)) return { name: segment, evicted: undefined };
    const own = hash(segment);
    if (node.hashes.size < childrenMax) {
      node.hashes.set(segment, own);
      return { name: segment, evicted: undefined };
    }
    const { name: last, hash: greatest } = greatestOf(node);
    if (own > greatest) return { name: MORE, evicted: undefined };
    node.hashes.delete(last);
    node.hashes.set(segment, own);
    node.greatest = undefined;
    evict(node, last);
    return { name: segment, evicted: last };
  }

  function evict(node: Node, name: string): void {
    const gone = node.children.get(name);
    node.children.delete(name);
    if (gone !== undefined) mergeInto(node.children.get(MORE) ?? childOf(node, MORE), gone);
  }

  /** What stood below a segment stands below `{more}` from now on, within the same bound. */
  function mergeInto(target: Node, from: Node): void {
    for (const [segment, child] of from.children) {
      const name = target.children.has(segment) ? segment : admit(target, segment).name;
      mergeInto(target.children.get(name) ?? childOf(target, name), child);
    }
  }

  function childOf(node: Node, name: string): Node {
    const child = createNode();
    node.children.set(name, child);
    return child;
  }

  function greatestOf(node: Node): { readonly name: string; readonly hash: string } {
    let [name, greatest] = ['', ''];
    if (node.greatest !== undefined) return { name: node.greatest, hash: node.hashes.get(node.greatest) ?? '' };
    for (const [child, own] of node.hashes) if (own > greatest) [name, greatest] = [child, own];
    node.greatest = name;
    return { name, hash: greatest };
  }
}

/** `{id}`, `{date}`, `{more}` and the empty segment before the first slash: there are only a few, and all of them are wanted. */
const isTyped = (segment: string): boolean => segment === '' || TYPED.has(segment);
const TYPED: ReadonlySet<string> = new Set(['{id}', '{date}', '{email}', '{text}', '{rest}', '{}', MORE]);
