import { type Detector, detectorId, type Severity } from '../detect/detector.ts';
import { compileGlob, isGlob } from '../lib/glob.ts';
import type { Lane } from '../text/lane.ts';
import type { RowAction, SettingsRow } from './schema.ts';

/** Rows that were written together: one preset's detectors, a file's own, a profile's `set`. */
export interface Layer {
  readonly rows: readonly { readonly selector: string; readonly row: SettingsRow }[];
}

/** What policy says about one detector. `action` holds in `lanes` (undefined: in all) and from `minScore` on; elsewhere it observes. */
export interface DetectorSettings {
  readonly severity: Severity;
  readonly action: RowAction;
  readonly lanes: readonly Lane[] | undefined;
  readonly minScore: number;
  /** Whether the action was given to the detector by its id and not by a glob. */
  readonly named: boolean;
}

/**
 * The settings of every detector. A later layer beats an earlier one; within a layer globs apply first, the shorter before the longer, and
 * an exact id beats them all. A row that gives an action replaces lanes and minScore with its own: the three belong together. A detector
 * that nobody mentions observes.
 */
export function resolveSettings(detectors: readonly Detector[], layers: readonly Layer[]): ReadonlyMap<string, DetectorSettings> {
  const ordered = layers
    .flatMap(({ rows }) => [...rows].sort(bySpecificity))
    .map(({ selector, row }) => ({ row, ...compileSelector(selector) }));
  return new Map(
    detectors.map((detector) => {
      const id = detectorId(detector);
      const start: DetectorSettings = { severity: detector.severity, action: 'observe', lanes: undefined, minScore: 0, named: false };
      return [id, ordered.filter(({ selects }) => selects(id)).reduce(applyRow, start)];
    }),
  );
}

/** What a detector does in a lane; `off`: it does not run there. */
export function actionIn(lane: Lane, detector: Detector, { action, lanes, minScore, named }: DetectorSettings): RowAction {
  if (detector.lanes !== undefined && !detector.lanes.includes(lane)) return 'off';
  const holds = (lanes === undefined || lanes.includes(lane)) && detector.confidence >= minScore;
  if (!holds) return 'observe';
  if (detector.judge !== undefined && isEnforcing(action)) return 'observe';
  if (detector.ofExchange === true && (action === 'redact' || action === 'tokenize')) return 'observe'; // there is no text to replace
  // A glob covers detectors that its author has not seen: those of the flag tier stop traffic only when named.
  return detector.tier === 'flag' && !named && isEnforcing(action) ? 'observe' : action;
}

/** What a selector in a policy selects. */
export function compileSelector(selector: string): { readonly exact: boolean; readonly selects: (id: string) => boolean } {
  if (!isGlob(selector)) return { exact: true, selects: (id) => id === selector };
  const glob = compileGlob(selector, { separator: '' });
  return { exact: false, selects: glob.matches };
}

function isEnforcing(action: RowAction): boolean {
  return action === 'deny' || action === 'redact' || action === 'tokenize';
}

interface OrderedRow {
  readonly row: SettingsRow;
  readonly exact: boolean;
}

function applyRow(settings: DetectorSettings, { row, exact }: OrderedRow): DetectorSettings {
  const severity = row.severity ?? settings.severity;
  if (row.action !== undefined) return { severity, action: row.action, lanes: row.lanes, minScore: row.minScore ?? 0, named: exact };
  return { ...settings, severity, lanes: row.lanes ?? settings.lanes, minScore: row.minScore ?? settings.minScore };
}

function bySpecificity(a: { readonly selector: string }, b: { readonly selector: string }): number {
  return rank(a.selector) - rank(b.selector);
}

function rank(selector: string): number {
  return isGlob(selector) ? selector.replaceAll('*', '').length : Number.MAX_SAFE_INTEGER;
}
