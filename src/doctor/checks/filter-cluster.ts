import type { Check, ClusterCheckInput } from '../check.ts';
import { BREAKER_NAMES } from '../cluster.ts';
import { seconds } from '../shown.ts';

/** Exchanges at once that an installation should take; Envoy's default is 1,024. */
const BREAKER_MIN = 10_000;
const BREAKER_FIX = 100_000;
const CONNECT_MAX_MS = 2_000;
const EJECTION_MAX_PERCENT = 50;

export const http2: Check<ClusterCheckInput> = ({ cluster }) => {
  if (cluster.protocol === 'http2') return undefined;
  const isNegotiated = cluster.protocol === 'negotiated';
  return {
    severity: isNegotiated ? 'warning' : 'danger',
    check: 'cluster-http2',
    set: isNegotiated ? 'auto_config or use_downstream_protocol_config' : 'http2_protocol_options: absent',
    means: isNegotiated
      ? 'Without TLS, or when HTTP/2 is not negotiated, Envoy speaks HTTP/1.1 to the filter, and every exchange fails.'
      : 'Envoy speaks HTTP/1.1 to the filter; gRPC needs HTTP/2: every exchange fails.',
    put: {
      into: 'cluster',
      fields: {
        typed_extension_protocol_options: {
          'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
            '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
            explicit_http_config: { http2_protocol_options: {} },
          },
        },
      },
    },
  };
};

export const endpoints: Check<ClusterCheckInput> = ({ cluster }) =>
  cluster.endpoints === 0
    ? {
        severity: 'danger',
        check: 'cluster-endpoints',
        set: 'load_assignment.endpoints: none',
        means: 'Envoy knows no address of the filter: every exchange fails.',
      }
    : undefined;

export const circuitBreakers: Check<ClusterCheckInput> = ({ cluster }) => {
  const low = BREAKER_NAMES.filter((name) => cluster.breakers[name] < BREAKER_MIN);
  if (low.length === 0) return undefined;
  const raised = Object.fromEntries(BREAKER_NAMES.map((name) => [name, Math.max(cluster.breakers[name], BREAKER_FIX)]));
  return {
    severity: 'warning',
    check: 'cluster-circuit-breakers',
    set: low.map((name) => `${name}: ${cluster.breakers[name]}`).join(', '),
    means: 'Every exchange pins one stream to the filter for its whole life; what comes beyond the limit fails at once.',
    put: { into: 'cluster', fields: { circuit_breakers: { thresholds: [{ ...cluster.thresholds, ...raised }] } } },
  };
};

export const outlierDetection: Check<ClusterCheckInput> = ({ cluster }) => {
  const { outliers } = cluster;
  if (outliers === undefined) return undefined;
  const lastOne = outliers.alwaysEjectsOne && (cluster.endpoints ?? 1) <= 1;
  if (outliers.maxEjectionPercent <= EJECTION_MAX_PERCENT && !lastOne) return undefined;
  return {
    severity: 'warning',
    check: 'cluster-outlier-detection',
    set: `max_ejection_percent: ${outliers.maxEjectionPercent}${outliers.alwaysEjectsOne ? ', always_eject_one_host: true' : ''}`,
    means: 'A burst of errors can eject every filter at once, and then every exchange fails.',
    put: { into: 'cluster', fields: { outlier_detection: { max_ejection_percent: EJECTION_MAX_PERCENT, always_eject_one_host: false } } },
  };
};

export const connectTimeout: Check<ClusterCheckInput> = ({ cluster }) =>
  cluster.connectTimeoutMs > CONNECT_MAX_MS
    ? {
        severity: 'note',
        check: 'cluster-connect-timeout',
        set: `connect_timeout: ${seconds(cluster.connectTimeoutMs)}`,
        means: 'While a machine of the filter is gone, exchanges wait this long for a connection to it.',
        put: { into: 'cluster', fields: { connect_timeout: '1s' } },
      }
    : undefined;

export const healthChecks: Check<ClusterCheckInput> = ({ cluster }) =>
  cluster.healthChecks
    ? undefined
    : {
        severity: 'note',
        check: 'cluster-health-checks',
        set: 'health_checks: absent',
        means: 'Envoy learns that a filter is gone or about to end only from exchanges that fail. Sluice answers gRPC health checks.',
        put: {
          into: 'cluster',
          fields: {
            health_checks: [
              {
                interval: '1s',
                no_traffic_interval: '1s',
                timeout: '1s',
                healthy_threshold: 1,
                unhealthy_threshold: 2,
                grpc_health_check: {},
              },
            ],
          },
        },
      };
