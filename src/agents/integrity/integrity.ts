import { FIXED } from '../../lib/limits.ts';
import type { Direction } from '../../text/lane.ts';
import type { ToolDeclaration } from '../../wire/tool-event.ts';
import type { AgentFinding, AgentFindingId } from '../finding.ts';
import { changedParts, type Fingerprint, fingerprintOf, UNREAD } from './fingerprint.ts';
import type { KnownTool, KnownTools, ToolSource } from './known-tools.ts';
import type { ToolIntegrityPolicy } from './schema.ts';

/** A definition that the registry does not have as its latest: for comparing, never for showing. */
export interface SeenTool extends ToolSource {
  readonly name: string;
  readonly fingerprint: Fingerprint;
  /** Only where the policy lets it be kept. */
  readonly definition: string | undefined;
}

/** Compares the tools of one exchange with those that are known. */
export interface ToolIntegrity {
  judge(tool: ToolDeclaration, direction: Direction): readonly AgentFinding[];
  /** What is new, in order, at most `FIXED.toolsSeen`. */
  readonly seen: readonly SeenTool[];
}

export interface ToolIntegrityOptions {
  readonly policy: ToolIntegrityPolicy;
  readonly known: KnownTools;
  /** Normalised. */
  readonly host: string;
  readonly path: string;
  /** Who declares what stands in requests. */
  readonly agent: string;
}

export function createToolIntegrity({ policy, known, host, path, agent }: ToolIntegrityOptions): ToolIntegrity {
  const seen: SeenTool[] = [];
  /** What this exchange has shown, which nobody has been told of yet. */
  const own = new Map<string, KnownTool>();
  const offered: ToolSource = { origin: 'offered', server: `${host}${withoutSlashes(path)}` };
  const declared: ToolSource = { origin: 'declared', server: `${host} for ${agent}` };
  return {
    seen,
    judge(tool, direction) {
      if (tool.target !== 'tool') return [];
      const source = direction === 'response' ? offered : declared;
      const name = tool.name ?? '';
      const fingerprint = fingerprintOf(tool.definition);
      const one = mergedWith(own.get(`${source.origin} ${name}`), known.find(source, name));
      if (one?.latest.whole !== fingerprint.whole && seen.length < FIXED.toolsSeen) {
        seen.push({ ...source, name, fingerprint, definition: policy.keepDefinitions ? tool.definition : undefined });
        const first = one?.first ?? fingerprint;
        const isNew = { ...source, name, first, latest: fingerprint, approved: undefined, firstUnixMs: Number.MAX_SAFE_INTEGER };
        own.set(`${source.origin} ${name}`, isNew);
      }
      return doubts({ one, fingerprint, shadowed: () => known.shadowed(source, name) }, policy).map((doubt) => ({
        ...doubt,
        action: doubt.action === 'withhold' ? 'redact' : 'observe',
        direction,
        lane: 'tool-definition',
        subject: tool.name,
      }));
    },
  };
}

/** What is known of a tool over all, with the definition that this exchange saw last. */
function mergedWith(own: KnownTool | undefined, known: KnownTool | undefined): KnownTool | undefined {
  return own === undefined || known === undefined ? (known ?? own) : { ...known, latest: own.latest };
}

/** `/mcp` and `/mcp/` are one server. */
function withoutSlashes(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end--;
  return path.slice(0, end);
}

interface Compared {
  readonly one: KnownTool | undefined;
  readonly fingerprint: Fingerprint;
  readonly shadowed: () => KnownTool | undefined;
}

interface Doubt {
  readonly id: AgentFindingId;
  readonly action: 'observe' | 'withhold';
  readonly rule: string;
  readonly explanation: string;
}

/** What speaks against a definition. One that was approved as it is has nothing against it. */
function doubts({ one, fingerprint, shadowed }: Compared, policy: ToolIntegrityPolicy): readonly Doubt[] {
  const approved = one?.approved;
  if (approved !== undefined && approved.whole === fingerprint.whole && fingerprint.whole !== UNREAD.whole) return [];
  const found: Doubt[] = [];
  const before = approved ?? one?.first;
  if (before !== undefined && before.whole !== fingerprint.whole)
    found.push(changed(policy, { before, fingerprint, isApproved: approved !== undefined }));
  if (approved === undefined && policy.unapproved !== 'off') found.push(unapproved(policy.unapproved));
  const other = shadowed();
  if (other !== undefined) found.push(shadow(policy));
  return found;
}

function changed(
  { changed: action }: ToolIntegrityPolicy,
  { before, fingerprint, isApproved }: { readonly before: Fingerprint; readonly fingerprint: Fingerprint; readonly isApproved: boolean },
): Doubt {
  const parts = changedParts(before, fingerprint);
  const what = parts.length === 0 ? 'definition' : parts.join(' and ');
  const than = isApproved ? 'that was approved' : 'that was seen first';
  return { id: 'tool.changed', action, rule: 'toolIntegrity.changed', explanation: `Its ${what} is another than the one ${than}.` };
}

function unapproved(action: 'observe' | 'withhold'): Doubt {
  return { id: 'tool.unapproved', action, rule: 'toolIntegrity.unapproved', explanation: 'Nobody has approved its definition.' };
}

function shadow({ shadowed: action }: ToolIntegrityPolicy): Doubt {
  const explanation = 'Another server offered a tool of this name, or of one that looks like it, before.';
  return { id: 'tool.shadowed', action, rule: 'toolIntegrity.shadowed', explanation };
}
