import { durationMsIn, type Fields, fieldsOf, integerIn, isSet, messageIn, messagesIn, textIn, typeOf } from './fields.ts';

/** The cluster through which Envoy reaches the filter. */
export interface Cluster {
  readonly name: string;
  /** Its name in Envoy's statistics. */
  readonly statName: string;
  /** How the HTTP version is chosen; `http2` is the only one that always works for gRPC. */
  readonly protocol: 'http2' | 'http1' | 'negotiated';
  /** Of the default priority; Envoy's own defaults filled in. */
  readonly breakers: Readonly<Record<BreakerName, number>>;
  /** The thresholds of the default priority as they are written. */
  readonly thresholds: Fields;
  readonly healthChecks: boolean;
  /** Envoy's default filled in. */
  readonly connectTimeoutMs: number;
  /** Undefined: no outlier detection. */
  readonly outliers: { readonly maxEjectionPercent: number; readonly alwaysEjectsOne: boolean } | undefined;
  /** Endpoints written down; undefined when they are discovered. */
  readonly endpoints: number | undefined;
  /** Ports of those that have one. */
  readonly ports: readonly number[];
  /** How Envoy speaks with them; `mtls`: it shows a certificate. Undefined: in another way, or in one that the endpoint chooses. */
  readonly transport: 'plain' | 'tls' | 'mtls' | undefined;
}

export const BREAKER_NAMES = ['max_requests', 'max_pending_requests', 'max_connections'] as const;
export type BreakerName = (typeof BREAKER_NAMES)[number];

const ENVOY_DEFAULTS = { breaker: 1024, connectTimeoutMs: 5_000, maxEjectionPercent: 10 } as const;

/** Reads a `Cluster` message. */
export function readCluster(message: Fields): Cluster {
  const name = textIn(message['name']) ?? '';
  const thresholds = defaultThresholds(message);
  return {
    name,
    // Envoy writes a colon in a name as an underscore, because colons part the words of a statistic.
    statName: (textIn(message['alt_stat_name']) || name).replaceAll(':', '_'),
    protocol: protocolOf(message),
    breakers: breakersOf(thresholds),
    thresholds,
    healthChecks: messagesIn(message['health_checks']).length > 0,
    connectTimeoutMs: durationMsIn(message['connect_timeout']) ?? ENVOY_DEFAULTS.connectTimeoutMs,
    outliers: outliersOf(messageIn(message['outlier_detection'])),
    endpoints: endpointsOf(message)?.length,
    ports: (endpointsOf(message) ?? []).flatMap((one) => portOf(one) ?? []),
    transport: transportOf(message),
  };
}

function protocolOf(message: Fields): Cluster['protocol'] {
  const options = fieldsOf(fieldsOf(message['typed_extension_protocol_options'])['envoy.extensions.upstreams.http.v3.HttpProtocolOptions']);
  if (messageIn(options['auto_config']) ?? messageIn(options['use_downstream_protocol_config'])) return 'negotiated';
  const explicit = fieldsOf(options['explicit_http_config']);
  return messageIn(explicit['http2_protocol_options']) || messageIn(message['http2_protocol_options']) ? 'http2' : 'http1';
}

function defaultThresholds(message: Fields): Fields {
  const rows = messagesIn(fieldsOf(message['circuit_breakers'])['thresholds']);
  return rows.find(({ priority }) => priority === undefined || priority === 'DEFAULT' || priority === 0) ?? {};
}

function breakersOf(thresholds: Fields): Cluster['breakers'] {
  const limitOf = (name: BreakerName) => integerIn(thresholds[name]) ?? ENVOY_DEFAULTS.breaker;
  return {
    max_requests: limitOf('max_requests'),
    max_pending_requests: limitOf('max_pending_requests'),
    max_connections: limitOf('max_connections'),
  };
}

function outliersOf(detection: Fields | undefined): Cluster['outliers'] {
  if (detection === undefined) return undefined;
  return {
    maxEjectionPercent: integerIn(detection['max_ejection_percent']) ?? ENVOY_DEFAULTS.maxEjectionPercent,
    alwaysEjectsOne: isSet(detection['always_eject_one_host']),
  };
}

function endpointsOf(message: Fields): readonly Fields[] | undefined {
  const assignment = messageIn(message['load_assignment']);
  if (assignment === undefined) return undefined;
  return messagesIn(assignment['endpoints']).flatMap((group) => messagesIn(group['lb_endpoints']));
}

const OWN_CERTIFICATES = ['tls_certificates', 'tls_certificate_sds_secret_configs'] as const;

function transportOf(message: Fields): Cluster['transport'] {
  if (messagesIn(message['transport_socket_matches']).length > 0) return undefined;
  const socket = messageIn(message['transport_socket']);
  if (socket === undefined) return 'plain';
  const config = fieldsOf(socket['typed_config']);
  if (!typeOf(config).endsWith('.UpstreamTlsContext')) return undefined;
  const common = fieldsOf(config['common_tls_context']);
  const isShown = OWN_CERTIFICATES.some((name) => messagesIn(common[name]).length > 0);
  return isShown || messageIn(common['tls_certificate_provider_instance']) ? 'mtls' : 'tls';
}

function portOf(lbEndpoint: Fields): number | undefined {
  const address = fieldsOf(fieldsOf(fieldsOf(lbEndpoint['endpoint'])['address'])['socket_address']);
  return integerIn(address['port_value']);
}
