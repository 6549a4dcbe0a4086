import type { Cluster } from './cluster.ts';
import type { ProcessingMode } from './ext-proc.ts';
import type { FilterStatus } from './filter-status.ts';
import type { Place, Problem, Severity } from './finding.ts';
import type { FilterPlace, FilterUse } from './installation.ts';
import type { PolicyNeeds } from './policy-needs.ts';
import type { EnvoyVersion } from './read-config.ts';

/** What a check of one filter sees. */
export interface FilterCheckInput {
  readonly place: FilterPlace;
  readonly needs: PolicyNeeds;
}

/** What a check of the settings that count for some routes sees. */
export interface UseCheckInput extends FilterCheckInput {
  readonly use: FilterUse;
}

export interface ClusterCheckInput {
  readonly cluster: Cluster;
}

export interface EnvoyCheckInput {
  readonly version: EnvoyVersion | undefined;
  readonly needs: PolicyNeeds;
}

/** What a check of a filter that runs sees. */
export interface RunningFilterCheckInput {
  readonly status: FilterStatus;
  readonly needs: PolicyNeeds;
  /** Version of the policy that `needs` are of. */
  readonly policyVersion: string;
  /** Ports of the endpoints through which Envoy reaches it; undefined: not known. */
  readonly clusterPorts: readonly number[] | undefined;
  /** How Envoy speaks with them, of each cluster that leads to a filter. */
  readonly clusterTransports: readonly Cluster['transport'][];
  readonly nowMs: number;
}

/** One check: what is wrong, nothing when it is right. Checks stand in their tables with the gravest first. */
export type Check<Input> = (input: Input) => Problem | readonly Problem[] | undefined;

/** Bodies that pass unread: in observe mode nothing would have been stopped. */
export function unread({ mode }: PolicyNeeds): Severity {
  return mode === 'enforce' ? 'danger' : 'warning';
}

/** Whether Envoy takes bodies from an answer to the request headers, and so lets the filter turn inspection on. */
export function turnsBodiesOn({ place, use }: Pick<UseCheckInput, 'place' | 'use'>): boolean {
  const { settings } = place;
  const { request, response } = use.settings.mode;
  const isAllowed = settings.allowedOverrides.length === 0 || settings.allowedOverrides.some(isWanted);
  return (
    settings.allowModeOverride &&
    isAllowed &&
    !settings.observability &&
    request.headers &&
    request.body !== 'FULL_DUPLEX_STREAMED' &&
    response.body === 'NONE'
  );
}

function isWanted({ request, response }: ProcessingMode): boolean {
  return request.body === 'BUFFERED' && response.body === 'FULL_DUPLEX_STREAMED';
}

/** Where a field of the route's settings is put: into the filter, or into the override that replaces it. */
export function remedyFor({ use, place }: UseCheckInput, fields: Readonly<Record<string, unknown>>): NonNullable<Problem['put']> {
  if (!use.overridden) return { into: 'ext_proc filter', fields };
  return perRoute(place.filter.name, { overrides: fields });
}

const PER_ROUTE = 'type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute';

/** What a route says to the filter. */
export function perRoute(
  filterName: string,
  fields: Readonly<Record<string, unknown>>,
): { readonly into: Place; readonly fields: Readonly<Record<string, unknown>> } {
  return { into: 'route', fields: { typed_per_filter_config: { [filterName]: { '@type': PER_ROUTE, ...fields } } } };
}

/** A whole processing mode, as Envoy writes it; one in an override replaces all of the filter's. */
export function modeFields(mode: ProcessingMode): Readonly<Record<string, unknown>> {
  const sent = (is: boolean) => (is ? 'SEND' : 'SKIP');
  const { request, response } = mode;
  return {
    processing_mode: {
      request_header_mode: sent(request.headers),
      response_header_mode: sent(response.headers),
      request_body_mode: request.body,
      response_body_mode: response.body,
      request_trailer_mode: sent(request.trailers),
      response_trailer_mode: sent(response.trailers),
    },
  };
}
