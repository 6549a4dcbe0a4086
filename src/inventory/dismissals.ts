import { createHash } from 'node:crypto';
import { z } from 'zod';
import { exceptionText } from '../policy/exception-text.ts';
import { endOfDay, isExceptable } from '../policy/exceptions.ts';
import type { ExceptionRow } from '../policy/schema.ts';
import type { FindingAnswer } from './finding-query.ts';
import type { FindingRow } from './finding-row.ts';
import type { LedgerState } from './ledger.ts';
import type { FindingScope } from './store.ts';

/** What of a finding's surroundings a dismissal holds for; of those that are not named it holds for any. */
export const DISMISSAL_SCOPES = ['agent', 'route', 'endpoint', 'lane'] as const;
export type DismissalScope = (typeof DISMISSAL_SCOPES)[number];

/** A decision of a person that findings of this kind, here, are no matter until a day: kept in the inventory, as a row of `exceptions`. */
export interface Dismissal {
  /** 24 hex digits; the same for the same scope. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly row: ExceptionRow;
}

/** As the API gives it. */
export interface DismissalAnswer extends Dismissal {
  /** Its last day is over: findings since then are open. */
  readonly expired: boolean;
  /** Whether a policy can except it; what an agent may do stands elsewhere in a policy. */
  readonly exceptable: boolean;
  /** The row as a line below `exceptions:` in a policy; null when no policy can have it. */
  readonly policyRow: string | null;
}

export const DISMISSAL_DOCUMENT = 'dismissal';

/** What somebody asks for. */
export const DISMISSAL_REQUEST = z.strictObject({
  /** Id of the finding. */
  finding: z.string().min(1).max(64),
  /** Default: everything that is known of the finding. */
  scope: z.array(z.enum(DISMISSAL_SCOPES)).max(DISMISSAL_SCOPES.length).optional(),
  /** Last day in UTC, as 2027-03-31. */
  until: z.string().max(32),
  reason: z.string().trim().min(1).max(1000),
  by: z.string().trim().min(1).max(255).optional(),
});
export type DismissalRequest = z.infer<typeof DISMISSAL_REQUEST>;

export type DismissalDraft = { readonly ok: true; readonly dismissal: Dismissal } | { readonly ok: false; readonly error: string };

/** The dismissal of a finding. Refused: a day that is none or over, a scope of which the finding says nothing, names that a row cannot say. */
export function dismissalOf(finding: FindingAnswer, request: DismissalRequest, nowMs: number): DismissalDraft {
  const endMs = endOfDay(request.until);
  if (Number.isNaN(endMs)) return { ok: false, error: 'until is a day, written as 2027-03-31' };
  if (endMs <= nowMs) return { ok: false, error: 'until is over' };
  const known = knownScopes(finding);
  const scope = request.scope ?? known;
  const missing = scope.find((one) => !known.includes(one));
  if (missing !== undefined) return { ok: false, error: `the finding has no ${missing}, or one whose name a row cannot say` };
  const of = (one: DismissalScope, part: Partial<ExceptionRow>): Partial<ExceptionRow> => (scope.includes(one) ? part : {});
  const place = {
    detector: finding.detector,
    ...of('agent', { agent: finding.agent }),
    ...of('endpoint', { host: finding.host, path: pathGlob(finding.path) }),
    ...of('route', { routeName: finding.route }),
    ...of('lane', { lane: finding.lane as ExceptionRow['lane'] }), // a lane, as knownScopes says
  };
  const id = createHash('sha256').update(JSON.stringify(place)).digest('hex').slice(0, 24);
  const { until, reason, by } = request;
  const row = { ...place, until, reason, ...(by === undefined ? {} : { by }) };
  return { ok: true, dismissal: { id, created: new Date(nowMs).toISOString(), row } };
}

export function dismissalAnswer(dismissal: Dismissal, nowMs: number): DismissalAnswer {
  const exceptable = isExceptable(dismissal.row.detector);
  const policyRow = exceptable ? exceptionText(dismissal.row) : null;
  return { ...dismissal, expired: endOfDay(dismissal.row.until) <= nowMs, exceptable, policyRow };
}

/** All that stand, the oldest first. */
export function readDismissals({ documents }: Pick<LedgerState, 'documents'>): readonly Dismissal[] {
  return [...(documents.get(DISMISSAL_DOCUMENT) ?? [])]
    .map(([id, text]) => ({ id, ...(JSON.parse(text) as Omit<Dismissal, 'id'>) })) // written by `writeDismissal`
    .toSorted((left, right) => (left.created < right.created || (left.created === right.created && left.id < right.id) ? -1 : 1));
}

export const writeDismissal = ({ created, row }: Dismissal): string => JSON.stringify({ created, row });

/** The findings that a dismissal covers: up to the end of its last day. */
export function scopeOf({ row: { detector, agent, host, path, routeName, lane, until } }: Dismissal): FindingScope {
  return {
    equals: {
      detector,
      ...(agent === undefined ? {} : { agent }),
      ...(host === undefined ? {} : { host }),
      ...(routeName === undefined ? {} : { route: routeName }),
      ...(lane === undefined ? {} : { lane }),
    },
    ...(path === undefined ? {} : { path }),
    untilMs: endOfDay(until),
  };
}

/** Whether a scope covers a finding; stores answer the same. */
export function covers({ equals, path, untilMs }: FindingScope, finding: FindingRow): boolean {
  const fits = Object.entries(equals).every(([name, value]) => finding[name as keyof typeof equals] === value);
  return fits && finding.timeMs < untilMs && (path === undefined || samePath(path, finding.path));
}

function samePath(glob: string, path: string): boolean {
  const [segments, parts] = [glob.split('/'), path.split('/')];
  return segments.length === parts.length && segments.every((segment, at) => segment === '*' || segment === parts[at]);
}

/** What is known of a finding, and can be written in a row: a `*` in a name of traffic would stand for any name. */
function knownScopes({ agent, route, host, path, lane }: FindingAnswer): readonly DismissalScope[] {
  const said: Readonly<Record<DismissalScope, readonly string[]>> = {
    agent: [agent],
    route: [route],
    endpoint: [host, path],
    lane: [lane],
  };
  return DISMISSAL_SCOPES.filter((scope) => said[scope].every((name) => name !== '' && !name.includes('*') && !name.includes('{more}')));
}

/** Segments that telemetry or the inventory has typed (`{id}`) stand for any. */
function pathGlob(path: string): string {
  return path
    .split('/')
    .map((segment) => (segment.startsWith('{') && segment.endsWith('}') ? '*' : segment))
    .join('/');
}
