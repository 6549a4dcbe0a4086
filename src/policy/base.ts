import type { FlowRow } from '../agents/conversation/schema.ts';
import type { ToolClass } from '../agents/conversation/tool-class.ts';
import { assert } from '../lib/assert.ts';
import { DEFAULT_LIMITS, type Limits } from '../lib/limits.ts';
import type { FailMode, Policy } from './policy.ts';
import { type PresetName, presetOf, presetSource } from './presets.ts';
import { readDocument } from './read-document.ts';
import type { PolicyDocument } from './schema.ts';
import type { Layer } from './settings.ts';

/** What a policy starts from: the settings of a preset with those it extends. */
export interface Base {
  readonly mode: Policy['mode'];
  readonly failMode: FailMode;
  readonly acceptEncoding: Policy['acceptEncoding'];
  readonly limits: Limits;
  readonly flows: readonly FlowRow[];
  readonly toolClasses: Readonly<Record<string, readonly ToolClass[]>>;
  readonly toolIntegrity: PolicyDocument['toolIntegrity'];
  readonly layers: readonly Layer[];
}

const FAIL_CLOSED: FailMode = { request: 'closed', response: 'closed', onLimit: 'deny', onUninspectable: 'deny', onOpaque: 'allow' };
const FAIL_OPEN: FailMode = { request: 'open', response: 'open', onLimit: 'allow', onUninspectable: 'allow', onOpaque: 'allow' };
const NOTHING: Base = {
  mode: 'enforce',
  failMode: FAIL_CLOSED,
  acceptEncoding: 'keep',
  limits: DEFAULT_LIMITS,
  flows: [],
  toolClasses: {},
  toolIntegrity: undefined,
  layers: [],
};

/** The base of `extends: none` (undefined) or of a preset. */
export function baseOf(preset: PresetName | undefined): Base {
  if (preset === undefined) return NOTHING;
  const read = readDocument(presetSource(preset));
  assert(read.ok, `the preset ${preset} is a valid policy`);
  return extendBase(baseOf(presetOf(read.value.extends ?? 'none')), read.value);
}

/** A base with a file's own settings over it. A file's `flows` take the place of those it extends; its tool classes come first. */
export function extendBase(
  base: Base,
  { mode, failMode, acceptEncoding, limits, flows, toolClasses, toolIntegrity, detectors }: PolicyDocument,
): Base {
  return {
    mode: mode ?? base.mode,
    failMode: { ...base.failMode, ...defined(failMode) },
    acceptEncoding: acceptEncoding ?? base.acceptEncoding,
    limits: { ...base.limits, ...defined(limits) },
    flows: flows ?? base.flows,
    toolClasses: { ...toolClasses, ...withoutKeys(base.toolClasses, toolClasses) },
    toolIntegrity: toolIntegrity ?? base.toolIntegrity,
    layers: [...base.layers, layerOf(detectors)],
  };
}

/** In observe mode nothing is denied, by no fail mode either. */
export function failModeIn(mode: Policy['mode'], failMode: FailMode): FailMode {
  return mode === 'observe' ? FAIL_OPEN : failMode;
}

/** Rows as they stand in a file. */
export function layerOf(rows: PolicyDocument['detectors']): Layer {
  return { rows: Object.entries(rows ?? {}).map(([selector, row]) => ({ selector, row })) };
}

function withoutKeys<T>(from: Readonly<Record<string, T>>, keys: object | undefined): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => keys === undefined || !Object.hasOwn(keys, key)));
}

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(values: T | undefined): Defined<T> {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined)) as Defined<T>;
}
