import type { Fingerprint } from './fingerprint.ts';
import { createLookAlikes, type LookAlikes } from './look-alikes.ts';

/**
 * Who says what a tool is. `offered`: a server, in the list it answers with. `declared`: an agent, in its requests to a model; what it
 * declares there may well come from a server, so it shadows nothing.
 */
export const TOOL_ORIGINS = ['offered', 'declared'] as const;
export type ToolOrigin = (typeof TOOL_ORIGINS)[number];

/** Where a tool comes from. */
export interface ToolSource {
  readonly origin: ToolOrigin;
  /** Host and path of the server for what is offered; host and name of the agent for what is declared. */
  readonly server: string;
}

/** One tool of one source, as it is remembered: from traffic, for comparing and never for showing. */
export interface KnownTool extends ToolSource {
  readonly name: string;
  readonly first: Fingerprint;
  readonly latest: Fingerprint;
  readonly approved: Fingerprint | undefined;
  /** Unix milliseconds. */
  readonly firstUnixMs: number;
}

/** The tools that are known at one moment. Immutable. */
export interface KnownTools {
  find(source: ToolSource, name: string): KnownTool | undefined;
  /** What another server offers under this name or one that looks like it, the first of them; only of offered tools. */
  shadowed(source: ToolSource, name: string): KnownTool | undefined;
}

/** `names`: an index that grows with the lists of a process, so that a new list costs what is new in it. Default: one of this list alone. */
export function knownTools(tools: readonly KnownTool[], names: LookAlikes = createLookAlikes()): KnownTools {
  const byPlace = new Map(tools.map((tool) => [placeOf(tool, tool.name), tool]));
  const offered = Map.groupBy(
    tools.filter(({ origin }) => origin === 'offered'),
    ({ name }) => name,
  );
  for (const name of offered.keys()) names.add(name);
  return {
    find: (source, name) => byPlace.get(placeOf(source, name)),
    shadowed(source, name) {
      if (source.origin !== 'offered') return undefined;
      const own = byPlace.get(placeOf(source, name));
      const alike = names.of(name).flatMap((one) => offered.get(one) ?? []);
      const others = alike.filter((tool) => tool.server !== source.server && isBefore(tool, own));
      return others.toSorted((a, b) => a.firstUnixMs - b.firstUnixMs)[0];
    },
  };
}

function placeOf({ origin, server }: ToolSource, name: string): string {
  return `${origin}\n${server}\n${name}`;
}

/** Who was first is not the shadow. */
function isBefore(tool: KnownTool, own: KnownTool | undefined): boolean {
  return own === undefined || tool.firstUnixMs < own.firstUnixMs;
}
