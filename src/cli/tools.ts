import { changedParts } from '../agents/integrity/fingerprint.ts';
import { diffLines } from '../lib/diff-lines.ts';
import { AppError, EXIT } from '../lib/errors.ts';
import { compileGlob, isGlob } from '../lib/glob.ts';
import { type RegisteredTool, readTools, type ToolVersion } from '../services/tool-file.ts';
import { changeTools, standingOf } from '../services/tool-registry.ts';
import { appendAdminAction, currentUser } from './admin-actions.ts';
import { printable } from './printable.ts';
import { stateFolder } from './state.ts';
import { say } from './terminal.ts';

export interface ToolFlags {
  readonly server?: string;
  readonly reason?: string;
  /** Of the definition that was read, as `list` shows it; several after commas. */
  readonly fingerprint?: string;
  readonly json?: boolean;
}

/** `sluice tools list`: what was seen. Exit 0. */
export function listTools({ server, json }: Pick<ToolFlags, 'server' | 'json'>): number {
  const tools = registered().filter((tool) => server === undefined || isServer(tool, server));
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, tools: tools.map((tool) => ({ ...summaryOf(tool) })) })}\n`);
  else if (tools.length === 0) say('no tool was seen; they are remembered where the policy has `toolIntegrity`');
  else for (const tool of tools) process.stdout.write(`${lineOf(tool)}\n`);
  return EXIT.ok;
}

/** `sluice tools approve NAME --fingerprint … --reason …`: the definition that was read counts as approved, if it is still the latest. */
export function approveTools(name: string, flags: ToolFlags): number {
  const chosen = approve({ name, server: flags.server, reason: flags.reason, fingerprint: flags.fingerprint, by: currentUser() });
  return done('approved', chosen, flags);
}

export interface ApprovalRequest {
  readonly name: string;
  readonly server: string | undefined;
  readonly reason: string | undefined;
  /** Of what was read: 12 digits or more of each definition, separated by commas. */
  readonly fingerprint: string | undefined;
  readonly by: string;
}

/**
 * Approves and writes it down. Throws `usage` without a reason, for a name that is unknown or not one tool's, for what was not read, and when
 * the latest definition is another than the one that was read: between looking and approving a server can change it.
 */
export function approve({ name, server, reason, fingerprint, by }: ApprovalRequest): readonly RegisteredTool[] {
  if (reason === undefined || reason.trim() === '') throw new AppError('usage', 'say why, with --reason; it is kept with the approval');
  const read = (fingerprint ?? '').split(',').map((digits) => digits.trim().toLowerCase());
  const atUnixMs = Date.now();
  return change(name, { server }, (tool) => {
    if (tool.latest.fingerprint.whole === 'unread')
      throw new AppError('usage', 'a definition that is too long to be read cannot be approved');
    mustBeRead(tool, read);
    appendAdminAction({ action: 'approve', by, reason, detail: detailOf(tool) });
    return { ...tool, approved: { ...tool.latest, atUnixMs, by, reason } };
  });
}

function mustBeRead({ latest }: RegisteredTool, read: readonly string[]): void {
  if (read.some((digits) => digits.length >= SHOWN_DIGITS && latest.fingerprint.whole.startsWith(digits))) return;
  if (read.every((digits) => digits === ''))
    throw new AppError('usage', 'say which definition you have read, with --fingerprint; `sluice tools list` shows it');
  throw new AppError(
    'usage',
    `the latest definition is another than the one you have read; look at it, then give ${SHOWN_DIGITS} digits or more of its fingerprint`,
  );
}

/** Digits of a fingerprint that are shown and enough. */
const SHOWN_DIGITS = 12;

/** `sluice tools revoke NAME`: it is not approved any more. */
export function revokeTools(name: string, flags: ToolFlags): number {
  const chosen = change(name, flags, ({ approved, ...tool }) => {
    if (approved === undefined) return tool;
    appendAdminAction({ action: 'revoke', by: currentUser(), reason: flags.reason ?? '', detail: detailOf(tool) });
    return tool;
  });
  return done('not approved any more', chosen, flags);
}

/** `sluice tools diff NAME`: exit 1 when something is different. */
export function diffTools(name: string, flags: ToolFlags): number {
  const diffs = choose(registered(), name, flags).map((tool) => ({ tool, ...diffOf(tool) }));
  const shown = diffs.map(({ tool, changed, against, lines }) => ({ ...summaryOf(tool), against, changed, ...(lines && { diff: lines }) }));
  if (flags.json) process.stdout.write(`${JSON.stringify({ version: 1, tools: shown })}\n`);
  else for (const { tool, changed, against, lines } of diffs) process.stdout.write(diffText(tool, { changed, against, lines }));
  return diffs.some(({ changed }) => changed.length > 0) ? EXIT.findings : EXIT.ok;
}

interface ToolDiff {
  /** Parts that differ: description, schema, rest. `definition`: it cannot be said which. */
  readonly changed: readonly string[];
  readonly against: 'approved' | 'first seen';
  /** Lines marked with ` `, `-` and `+`; undefined: the texts are not kept. */
  readonly lines: readonly string[] | undefined;
}

function diffOf({ approved, first, latest }: RegisteredTool): ToolDiff {
  const before: ToolVersion = approved ?? first;
  const parts = changedParts(before.fingerprint, latest.fingerprint);
  const isChanged = before.fingerprint.whole !== latest.fingerprint.whole;
  return {
    changed: isChanged && parts.length === 0 ? ['definition'] : parts,
    against: approved === undefined ? 'first seen' : 'approved',
    lines: isChanged ? textDiff(before, latest) : undefined,
  };
}

/** The square of that many lines is what a comparison takes. */
const DIFF_LINES_MAX = 2_000;

function textDiff(before: ToolVersion, after: ToolVersion): readonly string[] | undefined {
  if (before.definition === undefined || after.definition === undefined) return undefined;
  const [a, b] = [readable(before.definition), readable(after.definition)];
  return a.length > DIFF_LINES_MAX || b.length > DIFF_LINES_MAX ? undefined : diffLines(a, b).map(printable);
}

/** One line for each value; the texts in it as JSON writes them. */
function readable(definition: string): readonly string[] {
  try {
    return JSON.stringify(JSON.parse(definition), undefined, 2).split('\n');
  } catch {
    return [definition];
  }
}

function diffText(tool: RegisteredTool, { changed, against, lines }: ToolDiff): string {
  const head = `${printable(tool.name)} of ${printable(tool.server)}: `;
  if (changed.length === 0) return `${head}as it was ${against}\n`;
  const text =
    lines === undefined ? '  the texts are not kept (toolIntegrity.keepDefinitions)\n' : lines.map((line) => `${line}\n`).join('');
  return `${head}${changed.join(' and ')} changed since ${day(tool.latest)} (fingerprint ${tool.latest.fingerprint.whole.slice(0, SHOWN_DIGITS)}), against the ${against === 'approved' ? 'approved definition' : 'first one'}\n${text}`;
}

function registered(): readonly RegisteredTool[] {
  const folder = stateFolder();
  try {
    return readTools(folder);
  } catch (cause) {
    throw new AppError('file-unreadable', cause instanceof Error ? cause.message : 'the list of tools cannot be read', { cause });
  }
}

/** Changes the tools that a name means, and returns them as they are now. */
function change(name: string, { server }: { readonly server?: string | undefined }, of: (tool: RegisteredTool) => RegisteredTool) {
  let changed: readonly RegisteredTool[] = [];
  changeTools(stateFolder(), (tools) => {
    const chosen = choose(tools, name, { server });
    const now = tools.map((tool) => (chosen.includes(tool) ? of(tool) : tool));
    changed = now.filter((tool) => !tools.includes(tool));
    return now;
  });
  return changed;
}

/** The tools of a name: one, or with `*` all that match. Throws `usage` when it is none, or more than one without `*`. */
function choose(
  tools: readonly RegisteredTool[],
  name: string,
  { server }: { readonly server?: string | undefined },
): readonly RegisteredTool[] {
  const { matches } = compileGlob(name, { separator: '' });
  const found = tools.filter(
    (tool) => (matches(tool.name) || matches(printable(tool.name))) && (server === undefined || isServer(tool, server)),
  );
  if (found.length === 0) throw new AppError('usage', 'no such tool was seen; `sluice tools list` shows those that were');
  if (found.length === 1 || isGlob(name)) return found;
  const servers = found.map((tool) => printable(tool.server)).join(', ');
  throw new AppError('usage', `several servers have a tool of this name: ${servers}; say which with --server`);
}

function isServer(tool: RegisteredTool, server: string): boolean {
  return tool.server === server || printable(tool.server) === server;
}

function done(what: string, tools: readonly RegisteredTool[], { json }: ToolFlags): number {
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, tools: tools.map(summaryOf) })}\n`);
  else for (const tool of tools) process.stdout.write(`${printable(tool.name)} of ${printable(tool.server)}: ${what}\n`);
  return EXIT.ok;
}

function summaryOf(tool: RegisteredTool) {
  const { origin, server, name, first, latest, approved } = tool;
  return {
    name,
    server,
    origin,
    standing: standingOf(tool),
    fingerprint: latest.fingerprint.whole,
    firstSeen: new Date(first.atUnixMs).toISOString(),
    changed: new Date(latest.atUnixMs).toISOString(),
    ...(approved && { approved: { at: new Date(approved.atUnixMs).toISOString(), by: approved.by, reason: approved.reason } }),
  };
}

function lineOf(tool: RegisteredTool): string {
  const by = tool.approved === undefined ? '' : `, approved by ${tool.approved.by}: ${tool.approved.reason}`;
  return printable(
    `${standingOf(tool).padEnd(10)}  ${tool.name}  ${tool.origin === 'offered' ? 'of' : 'declared to'} ${tool.server}, seen first ${day(tool.first)}, last changed ${day(tool.latest)}, fingerprint ${tool.latest.fingerprint.whole.slice(0, SHOWN_DIGITS)}${by}`,
  );
}

const day = ({ atUnixMs }: ToolVersion): string => new Date(atUnixMs).toISOString().slice(0, 10);

const detailOf = ({ name, server, latest }: RegisteredTool) => ({ name, server, fingerprint: latest.fingerprint.whole });
