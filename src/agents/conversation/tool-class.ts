import { wordsOf } from './identifier-words.ts';
import { KNOWN_TOOLS } from './known-tools.ts';
import { OBJECTS, READS, SINGLE_WORDS, WORD_PAIRS, WRITES } from './tool-words.ts';

/**
 * What a tool does to a conversation. `untrusted-content`: its results come from outside, and whoever wrote them may be anybody.
 * `private-data`: its results are somebody's own. `sends-data`: what it is given leaves. `harmful-action`: it cannot be taken back, costs
 * money, opens a door or runs code.
 */
export const TOOL_CLASSES = ['untrusted-content', 'private-data', 'sends-data', 'harmful-action'] as const;
export type ToolClass = (typeof TOOL_CLASSES)[number];

/** MCP tool annotations (Model Context Protocol 2025-06-18, ToolAnnotations): hints of the server, which may be wrong or lie. */
export interface ToolHints {
  readonly readOnlyHint?: boolean | undefined;
  readonly destructiveHint?: boolean | undefined;
  readonly openWorldHint?: boolean | undefined;
}

/** The classes of a tool, and what said so: the strongest source that knows it. */
export interface ToolClasses {
  readonly classes: ReadonlySet<ToolClass>;
  readonly by: 'policy' | 'known' | 'name' | 'default';
}

/** What policy says of tools: glob over the name → classes. The first that matches holds. */
export interface ToolClassRow {
  readonly matches: (name: string) => boolean;
  readonly classes: readonly ToolClass[];
}

/**
 * The classes of a tool by its name: what policy says; else what is known of tools of common MCP servers; else the words of the name
 * (`send_invoice`, `GmailSearchEmails`). A tool of which nothing is known gives untrusted content: the safe mistake. Hints can add
 * classes to what a name says and never take one away, because the server that may be hostile gives them itself; policy's word is final.
 */
export function classifyTool(name: string, rows: readonly ToolClassRow[], hints: ToolHints = {}): ToolClasses {
  const row = rows.find(({ matches }) => matches(name));
  if (row !== undefined) return { classes: new Set(row.classes), by: 'policy' };
  const words = wordsOf(name);
  const known = KNOWN_TOOLS.get(words.join('_'));
  const classes = new Set(known ?? classesOfWords(words));
  const by = known !== undefined ? 'known' : classes.size > 0 || words.some((word) => WRITES.has(word)) ? 'name' : 'default';
  if (by === 'default') classes.add('untrusted-content');
  if (hints.destructiveHint === true && hints.readOnlyHint !== true) classes.add('harmful-action');
  if (hints.openWorldHint === true) classes.add('untrusted-content');
  return { classes, by };
}

function classesOfWords(words: readonly string[]): ReadonlySet<ToolClass> {
  const found = new Set<ToolClass>();
  const isRead = words.some((word) => READS.has(word));
  for (const word of words) {
    for (const one of SINGLE_WORDS.get(word) ?? []) if (!isRead || !ACTS.has(one)) found.add(one);
    for (const one of OBJECTS.get(word) ?? []) found.add(one);
  }
  for (const { verbs, objects, classes } of WORD_PAIRS) {
    if (isPaired(words, verbs, objects)) for (const one of classes) found.add(one);
  }
  // Who writes reads nothing: `send_email` brings no mail into the conversation.
  const isWrite = found.has('sends-data') || found.has('harmful-action') || words.some((word) => WRITES.has(word));
  if (isWrite && !isRead) for (const one of SOURCES) found.delete(one);
  return found;
}

/** Two words of the name: one that is a verb and the object in one (`request`) is not both. */
function isPaired(words: readonly string[], verbs: ReadonlySet<string>, objects: ReadonlySet<string>): boolean {
  return words.some((verb, i) => verbs.has(verb) && words.some((object, j) => i !== j && objects.has(object)));
}

const ACTS: ReadonlySet<ToolClass> = new Set(['sends-data', 'harmful-action']);
const SOURCES: readonly ToolClass[] = ['untrusted-content', 'private-data'];
