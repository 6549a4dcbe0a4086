import { didYouMean } from '../lib/did-you-mean.ts';
import { baseOf, layerOf } from './base.ts';
import { PRESET_NAMES, presetOf } from './presets.ts';
import type { PolicyError } from './problem.ts';
import type { PolicyDocument } from './schema.ts';
import type { Layer } from './settings.ts';
import type { YamlDocument } from './yaml-source.ts';

/** The profile of traffic that no route matches; every policy has it. */
export const DEFAULT_PROFILE = 'default';

/** What `extends` can name besides profiles. */
export const BASE_NAMES: readonly string[] = [...PRESET_NAMES.map((name) => `builtin/${name}`), 'none'];

/** Layers of a profile, the weakest first. */
export interface ProfileLayers {
  readonly name: string;
  readonly layers: readonly Layer[];
}

export type ChainResult =
  | { readonly ok: true; readonly profiles: readonly ProfileLayers[] }
  | { readonly ok: false; readonly errors: readonly PolicyError[] };

/**
 * Resolves every profile: the preset its chain begins with, then the file's own `detectors`, then each `set` from the root of the chain
 * down. A profile without `extends` extends `default`; `default` extends the file's top-level `extends`.
 */
export function resolveProfiles(document: PolicyDocument, root: string, yaml: YamlDocument): ChainResult {
  const written = document.profiles ?? {};
  const names = [...new Set([DEFAULT_PROFILE, ...Object.keys(written)])];
  const errors = names.flatMap((name) => chainProblem(name, { written, root, yaml }));
  if (errors.length > 0) return { ok: false, errors };
  const own = layerOf(document.detectors);
  return { ok: true, profiles: names.map((name) => ({ name, layers: layersOf(chainOf(name, { written, root }), own, written) })) };
}

interface Chains {
  readonly written: NonNullable<PolicyDocument['profiles']>;
  /** What `default` extends when it does not say. */
  readonly root: string;
}

/** Names from a profile to the base its chain begins with; ends at a name met twice. */
function chainOf(name: string, { written, root }: Chains): string[] {
  const chain = [name];
  for (let at = name; !BASE_NAMES.includes(at); ) {
    at = written[at]?.extends ?? (at === DEFAULT_PROFILE ? root : DEFAULT_PROFILE);
    const again = chain.includes(at);
    chain.push(at);
    if (again || (!BASE_NAMES.includes(at) && at !== DEFAULT_PROFILE && written[at] === undefined)) break;
  }
  return chain;
}

function chainProblem(name: string, chains: Chains & { readonly yaml: YamlDocument }): PolicyError[] {
  const { written, yaml } = chains;
  const path = ['profiles', name];
  if (BASE_NAMES.includes(name)) return [yaml.problemAtKey(path, `"${name}" is a built-in name; give the profile another`)];
  const parent = written[name]?.extends;
  const known = [...BASE_NAMES, ...Object.keys(written), DEFAULT_PROFILE];
  if (parent !== undefined && !known.includes(parent))
    return [yaml.problemAt([...path, 'extends'], `profiles › ${name} › unknown profile "${parent}"${didYouMean(parent, known)}`)];
  const chain = chainOf(name, chains);
  // Each profile of a circle reports it; one that only leads into a circle does not.
  return chain.at(-1) === name && chain.length > 1
    ? [yaml.problemAt([...path, 'extends'], `profiles › ${name} › extends itself: ${chain.join(' → ')}`)]
    : [];
}

function layersOf(chain: readonly string[], own: Layer, written: Chains['written']): Layer[] {
  const base = baseOf(presetOf(chain.at(-1)!));
  const sets = chain
    .slice(0, -1)
    .reverse()
    .map((name) => layerOf(written[name]?.set));
  // The mode belongs to the whole policy, so a profile that extends the observing preset is one whose rules observe.
  const extendsPreset = written[chain.at(-2)!]?.extends !== undefined;
  const quiet: Layer[] = extendsPreset && base.mode === 'observe' ? [OBSERVE_ALL] : [];
  return [...base.layers, own, ...quiet, ...sets];
}

const OBSERVE_ALL: Layer = { rows: [{ selector: '*', row: { action: 'observe' } }] };
