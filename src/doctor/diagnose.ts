import type { Check, ClusterCheckInput, EnvoyCheckInput, FilterCheckInput, RunningFilterCheckInput, UseCheckInput } from './check.ts';
import { bufferLimit } from './checks/buffers.ts';
import { conditional, elsewhere, pathNormalisation, routesDisabled, uncovered, unknownRoutes } from './checks/coverage.ts';
import { envoyVersion } from './checks/envoy-version.ts';
import { answersIgnored, denialsRefused, failClosed, failOpen, statusOnError, transport } from './checks/fail-mode.ts';
import { circuitBreakers, connectTimeout, endpoints, healthChecks, http2, outlierDetection } from './checks/filter-cluster.ts';
import { afterRouter, compressed } from './checks/filter-order.ts';
import { forwardRules, mutationRules, requestAttributes } from './checks/headers.ts';
import { certificateAttributes, forwardedCertificate, tokenMetadata, tokenPayload, trustedHeaders } from './checks/identity.ts';
import { type LiveStats, liveCounters } from './checks/live-counters.ts';
import {
  bodyModes,
  headersSkipped,
  overrideWithoutEffect,
  sendBodyWithoutWaiting,
  streamRetries,
  trailersSkipped,
  upgradesBuffered,
} from './checks/processing-mode.ts';
import {
  certificateEnds,
  notInspected,
  notReady,
  notShared,
  policyDiffers,
  reloadsFailed,
  telemetryLost,
  transportDiffers,
  workersDiffer,
  workersMissing,
  workersRestarted,
  workersUnused,
} from './checks/running-filter.ts';
import { idleTimeout, messageTimeout, routeIdleTimeouts, routeTimeouts } from './checks/timeouts.ts';
import { type Cluster, readCluster } from './cluster.ts';
import type { FilterStatus } from './filter-status.ts';
import { byGravity, type ConfigFinding, findingAt, type Problem } from './finding.ts';
import { type FilterPlace, type FilterUse, findFilters } from './installation.ts';
import type { PolicyNeeds } from './policy-needs.ts';
import type { RawConfig } from './read-config.ts';
import { shown } from './shown.ts';

/** The filter's own settings and what stands around it; once per filter. */
const FILTER_CHECKS: readonly Check<FilterCheckInput>[] = [
  answersIgnored,
  transport,
  afterRouter,
  routesDisabled,
  denialsRefused,
  compressed,
  messageTimeout,
  routeTimeouts,
  idleTimeout,
  routeIdleTimeouts,
  mutationRules,
  forwardRules,
  trustedHeaders,
  forwardedCertificate,
  tokenMetadata,
  tokenPayload,
  pathNormalisation,
  unknownRoutes,
  conditional,
  overrideWithoutEffect,
  streamRetries,
  sendBodyWithoutWaiting,
  statusOnError,
];

/** What routes can override; once for each set of routes with the same settings. */
const USE_CHECKS: readonly Check<UseCheckInput>[] = [
  failOpen,
  bodyModes,
  elsewhere,
  headersSkipped,
  trailersSkipped,
  requestAttributes,
  certificateAttributes,
  upgradesBuffered,
  bufferLimit,
  failClosed,
];

const CLUSTER_CHECKS: readonly Check<ClusterCheckInput>[] = [
  http2,
  endpoints,
  circuitBreakers,
  outlierDetection,
  healthChecks,
  connectTimeout,
];

const ENVOY_CHECKS: readonly Check<EnvoyCheckInput>[] = [envoyVersion];

/** What a filter that runs knows of itself. */
const RUNNING_CHECKS: readonly Check<RunningFilterCheckInput>[] = [
  transportDiffers,
  workersMissing,
  certificateEnds,
  notReady,
  notInspected,
  telemetryLost,
  reloadsFailed,
  policyDiffers,
  workersDiffer,
  workersUnused,
  notShared,
  workersRestarted,
];

export interface DiagnoseInput {
  readonly config: RawConfig;
  readonly needs: PolicyNeeds;
  /** Name of the cluster through which Envoy reaches Sluice; undefined: found by its name. */
  readonly cluster: string | undefined;
  /** Counters of the running Envoy; none when only a configuration is there. */
  readonly stats: LiveStats;
}

/** Everything to change in an Envoy configuration, the most dangerous first. Pure: the same input gives the same findings. */
export function diagnose({ config, needs, cluster, stats }: DiagnoseInput): readonly ConfigFinding[] {
  const installation = findFilters(config, cluster);
  const clusters = clustersOf(installation.filters, config);
  return byGravity([
    ...uncovered(installation, needs, cluster),
    ...run(ENVOY_CHECKS, { version: config.version, needs }).map((problem) => findingAt('Envoy', problem)),
    ...installation.filters.flatMap((place) => ofFilter(place, needs)),
    ...clusters.missing.map(missingCluster),
    ...clusters.found.flatMap((one) =>
      run(CLUSTER_CHECKS, { cluster: one }).map((problem) => findingAt(`cluster ${shown(one.name)}`, problem)),
    ),
    ...liveCounters(
      stats,
      clusters.found.map(({ statName }) => statName),
    ),
  ]);
}

export interface DiagnoseFilterInput extends Pick<RunningFilterCheckInput, 'needs' | 'policyVersion' | 'nowMs'> {
  readonly status: FilterStatus;
  /** Address of it, for people. */
  readonly from: string;
  /** The Envoy in front of it; undefined: not known. */
  readonly envoy: Pick<DiagnoseInput, 'config' | 'cluster'> | undefined;
}

/** What a running filter is in trouble with, the gravest first. Pure, as `diagnose`. */
export function diagnoseFilter({ from, envoy, ...input }: DiagnoseFilterInput): readonly ConfigFinding[] {
  const clusters = envoy === undefined ? [] : clustersOf(findFilters(envoy.config, envoy.cluster).filters, envoy.config).found;
  const clusterPorts = envoy && portsOf(clusters);
  const clusterTransports = clusters.map(({ transport }) => transport);
  return byGravity(
    run(RUNNING_CHECKS, { ...input, clusterPorts, clusterTransports }).map((problem) => findingAt(`filter at ${from}`, problem)),
  );
}

/** Undefined where endpoints are discovered. */
function portsOf(clusters: readonly Cluster[]): readonly number[] | undefined {
  return clusters.every(({ endpoints: written }) => written !== undefined) ? clusters.flatMap(({ ports }) => ports) : undefined;
}

function ofFilter(place: FilterPlace, needs: PolicyNeeds): readonly ConfigFinding[] {
  return [
    ...place.uses.flatMap((use) =>
      run(USE_CHECKS, { place, needs, use }).map((problem) => findingAt(place.where, named(problem, use, place))),
    ),
    ...run(FILTER_CHECKS, { place, needs }).map((problem) => findingAt(place.where, problem)),
  ];
}

/** Where routes differ, a problem says which of them it is about. */
function named(problem: Problem, use: FilterUse, { uses }: FilterPlace): Problem {
  if (problem.routes !== undefined || (uses.length === 1 && !use.overridden)) return problem;
  return { ...problem, routes: use.routes.map(({ name }) => name) };
}

function run<Input>(checks: readonly Check<Input>[], input: Input): readonly Problem[] {
  return checks.flatMap((check) => check(input) ?? []);
}

interface Clusters {
  readonly found: readonly Cluster[];
  readonly missing: readonly string[];
}

function clustersOf(filters: readonly FilterPlace[], { clusters, moreClusters }: RawConfig): Clusters {
  const names = [...new Set(filters.flatMap(({ settings }) => settings.cluster ?? []))];
  const found = clusters.map(readCluster).filter(({ name }) => names.includes(name));
  const missing = moreClusters ? [] : names.filter((name) => !found.some((one) => one.name === name));
  return { found, missing };
}

function missingCluster(name: string): ConfigFinding {
  return findingAt(`cluster ${shown(name)}`, {
    severity: 'danger',
    check: 'cluster-missing',
    set: `cluster_name: ${shown(name)}`,
    means: 'Envoy has no cluster of this name: no exchange reaches the filter, and every one fails or passes as failure_mode_allow says.',
  });
}
