/** A way of running the filter: which bodies Envoy sends, and how. */
export const ENVOY_PROFILES = ['default', 'duplex', 'selective', 'legacy', 'observe', 'upgrades'] as const;
export type EnvoyProfile = (typeof ENVOY_PROFILES)[number];

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Where the gateway sends what passes: the provider. */
export interface Upstream extends HostPort {
  /** The `Host` header that the provider gets; without its port also the name in TLS SNI and in the certificate. */
  readonly name: string;
  /** CA bundle for an https upstream; undefined: plain HTTP. */
  readonly caFile: string | undefined;
}

export type FilterAddress = HostPort | { readonly path: string };

/** How Envoy speaks TLS with the filter (`sluice serve --tls-cert`). Files are on Envoy's machine. */
export interface FilterTls {
  /** CA that signed the filter's certificate. */
  readonly caFile: string;
  /** Envoy's own, for a filter that asks for one (`sluice serve --tls-client-ca`); undefined: none is shown. */
  readonly own: { readonly certFile: string; readonly keyFile: string } | undefined;
}

export interface EnvoyConfigOptions {
  readonly profile: EnvoyProfile;
  /** Where clients reach the gateway; port 0 takes a free one. */
  readonly listen: HostPort;
  /** Where `sluice serve` listens. */
  readonly filter: FilterAddress;
  /** The other processes of `sluice serve --workers`, of the same kind of address. Default: none. */
  readonly moreFilters?: readonly FilterAddress[];
  /** Default: plain text. */
  readonly filterTls?: FilterTls | undefined;
  readonly upstream: Upstream;
  /** Envoy's own admin address; undefined leaves it out. */
  readonly admin: HostPort | undefined;
}

type BodyMode = 'NONE' | 'BUFFERED' | 'STREAMED' | 'FULL_DUPLEX_STREAMED';

interface Profile {
  readonly title: string;
  readonly why: readonly string[];
  readonly requestBody: BodyMode;
  readonly responseBody: BodyMode;
  /** More lines of the filter's configuration. */
  readonly filter?: readonly string[];
  /** Envoy ignores the filter's answers and does without it when it is gone. */
  readonly observes?: true;
  /** WebSocket upgrades pass: everywhere, or on a route of their own because a BUFFERED request would never begin. */
  readonly upgrades?: 'everywhere' | 'own-route';
}

const PROFILES: Readonly<Record<EnvoyProfile, Profile>> = {
  default: {
    title: 'Requests judged whole, answers judged as they stream.',
    why: [
      'BUFFERED requests keep their content-length, and a clean request costs no bytes back from the filter.',
      'Bodies over per_connection_buffer_limit_bytes get a 413 from Envoy; use duplex.yaml for larger ones, upgrades.yaml for WebSockets.',
    ],
    requestBody: 'BUFFERED',
    responseBody: 'FULL_DUPLEX_STREAMED',
  },
  duplex: {
    title: 'Requests and answers both judged as they stream.',
    why: [
      "Bodies may be larger than Envoy's buffer (the policy's own limit and its own 413 count), and WebSockets pass.",
      'The request reaches the provider chunked: FULL_DUPLEX_STREAMED removes content-length.',
    ],
    requestBody: 'FULL_DUPLEX_STREAMED',
    responseBody: 'FULL_DUPLEX_STREAMED',
    upgrades: 'everywhere',
  },
  selective: {
    title: 'Bodies only where the policy has rules.',
    why: [
      'The answer to the request headers turns inspection on for the routes that need it; any other request costs one small message.',
      'For gateways that carry AI traffic among much else.',
    ],
    requestBody: 'NONE',
    responseBody: 'NONE',
    filter: ['allow_mode_override: true # without it nothing is ever inspected; `sluice doctor` says so'],
  },
  legacy: {
    title: 'For gateways without FULL_DUPLEX_STREAMED.',
    why: [
      'Text is held within the pieces of an answer and leaves with a later one. Headers leave before the first text is judged, so a denied',
      'stream ends as its dialect does, and a denied JSON answer breaks off. Prefer default.yaml from Envoy 1.34 on.',
    ],
    requestBody: 'BUFFERED',
    responseBody: 'STREAMED',
  },
  observe: {
    title: 'A look at the traffic without touching it.',
    why: [
      'Envoy sends the filter copies and waits for no answer: no latency, nothing denied, nothing changed, whatever the policy says.',
      'When the filter is gone, traffic passes: this is the one configuration here that is open, and it is so by design.',
    ],
    requestBody: 'STREAMED',
    responseBody: 'STREAMED',
    filter: [
      'observability_mode: true',
      'deferred_close_timeout: 5s # time for the filter to read what is under way when the client is done',
    ],
    observes: true,
  },
  upgrades: {
    title: 'The default, and WebSockets pass.',
    why: [
      'Upgrades have a route of their own in FULL_DUPLEX_STREAMED: with BUFFERED they would never begin. Their bytes are no HTTP body; the',
      "filter lets them through and counts them as opaque (deny them with the policy's onOpaque).",
    ],
    requestBody: 'BUFFERED',
    responseBody: 'FULL_DUPLEX_STREAMED',
    upgrades: 'own-route',
  },
};

/** What Envoy says of a request beside its headers: its route, where it comes from, and whom the client's certificate names. */
const REQUEST_ATTRIBUTES = [
  'xds.route_name',
  'source.address',
  'connection.uri_san_peer_certificate',
  'connection.dns_san_peer_certificate',
  'connection.subject_peer_certificate',
] as const;

/** Header names the filter may set or remove; Envoy ignores every other change. */
const MUTABLE_HEADERS = [
  'accept-encoding',
  'content-encoding',
  'content-length',
  'content-type',
  'etag',
  'digest',
  'content-digest',
  'repr-digest',
  'content-md5',
] as const;

/** The addresses in the files under `envoy/`; each stands on a line marked CHANGE. */
export const SHIPPED_ADDRESSES = {
  listen: { host: '127.0.0.1', port: 10000 },
  filter: { host: '127.0.0.1', port: 9000 },
  upstream: { host: 'api.openai.com', port: 443, name: 'api.openai.com', caFile: '/etc/ssl/certs/ca-certificates.crt' },
  admin: undefined,
} as const satisfies Omit<EnvoyConfigOptions, 'profile'>;

/** A complete Envoy configuration (YAML). The files under `envoy/` are this function's output for `SHIPPED_ADDRESSES`. */
export function renderEnvoyConfig(options: EnvoyConfigOptions): string {
  const profile = PROFILES[options.profile];
  const { title, why } = profile;
  const { listen, filter, moreFilters = [], filterTls, upstream } = options;
  return `# Sluice in front of an AI API. ${title}
${why.map((line) => `# ${line}`).join('\n')}
# ${options.profile === 'legacy' ? '' : 'Envoy 1.34 or later. '}Lines marked CHANGE hold the addresses of this installation.
${adminBlock(options.admin)}overload_manager:
  resource_monitors:
    - name: envoy.resource_monitors.global_downstream_max_connections
      typed_config:
        '@type': type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig
        max_active_downstream_connections: 50000
static_resources:
  listeners:
    - name: gateway
      address: ${address(listen)} # CHANGE: where clients connect
      per_connection_buffer_limit_bytes: 16777216 # 16 MiB: above the policy's bodyBytes, so that the filter's own 413 comes first
      filter_chains:
        - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                '@type': type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: gateway
                use_remote_address: true
                skip_xff_append: true # the provider does not learn who called
                normalize_path: true
                merge_slashes: true
                path_with_escaped_slashes_action: UNESCAPE_AND_FORWARD # policy and provider see the same path
                stream_idle_timeout: 300s # the last backstop when nothing moves
                request_headers_timeout: 30s
                common_http_protocol_options: { headers_with_underscores_action: REJECT_REQUEST }
${profile.upgrades === undefined ? '' : '                upgrade_configs: [{ upgrade_type: websocket }]\n'}                route_config:
                  name: gateway
                  virtual_hosts:
                    - name: provider
                      domains: ['*']
                      routes:
${profile.upgrades === 'own-route' ? upgradeRoute(upstream) : ''}                        - name: provider
                          match: { prefix: / }
                          route:
                            cluster: provider
                            host_rewrite_literal: ${quoted(upstream.name)} # CHANGE: the provider's host name
                            timeout: 0s # answers stream for as long as they need
                http_filters:
                  - name: envoy.filters.http.ext_proc
                    typed_config:
                      '@type': type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service:
                        envoy_grpc: { cluster_name: sluice }
                        timeout: 0s # a stream lives as long as its exchange
${retryPolicy(profile)}${failMode(profile)}                      message_timeout: 5s # full-duplex directions have no timer in Envoy; the filter watches those itself
${(profile.filter ?? []).map((line) => `                      ${line}\n`).join('')}                      processing_mode:
${processingMode(profile, '                        ')}
                      request_attributes:
${REQUEST_ATTRIBUTES.map((name) => `                        - ${name}`).join('\n')}
                      metadata_options: # what a jwt_authn filter before this one has verified (payload_in_metadata), where there is one
                        forwarding_namespaces: { untyped: [envoy.filters.http.jwt_authn] }
                      mutation_rules: # only what the filter sets
                        disallow_all: { value: true }
                        allow_expression: { regex: '${MUTABLE_HEADERS.join('|')}' }
                  - name: envoy.filters.http.router
                    typed_config:
                      '@type': type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                      suppress_envoy_headers: true
  clusters:
    - name: sluice
${filterDiscovery(filter)}
      connect_timeout: 1s
      typed_extension_protocol_options:
        envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
          '@type': type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
          explicit_http_config:
            http2_protocol_options:
              initial_stream_window_size: 1048576
              initial_connection_window_size: 16777216
              max_concurrent_streams: 100000
      health_checks: # a filter that is about to end says so and ends only when Envoy has heard it
        - { interval: 1s, no_traffic_interval: 1s, timeout: 2s, healthy_threshold: 1, unhealthy_threshold: 3, grpc_health_check: {} }
${outlierDetection(moreFilters)}      circuit_breakers: # every exchange pins one stream for its whole life; Envoy's default of 1024 would cap them
        thresholds:
          - { max_connections: 100000, max_pending_requests: 100000, max_requests: 100000, max_retries: 100000 }
${filterTls === undefined ? '' : filterTlsBlock(filter, filterTls)}      load_assignment:
        cluster_name: sluice
        endpoints: # one more process of \`sluice serve\` is one more endpoint here
          - lb_endpoints:
${[filter, ...moreFilters].map((one) => `              - endpoint: { address: ${address(one)} } # CHANGE: sluice serve --listen\n`).join('')}    - name: provider
${discovery(upstream)}
      connect_timeout: 5s
      typed_extension_protocol_options:
        envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
          '@type': type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
          explicit_http_config: { http_protocol_options: {} }
      circuit_breakers:
        thresholds:
          - { max_connections: 100000, max_pending_requests: 100000, max_requests: 100000 }
      load_assignment:
        cluster_name: provider
        endpoints:
          - lb_endpoints:
              - endpoint: { address: ${address(upstream)} } # CHANGE: the provider
${providerTlsBlock(upstream)}`;
}

function failMode({ observes }: Profile): string {
  if (observes) return '                      failure_mode_allow: true # nothing depends on the filter here\n';
  return `                      failure_mode_allow: false # filter gone: the client gets an error, never an uninspected answer
                      status_on_error: { code: 503 }
`;
}

/**
 * A stream that no filter has taken goes to another one. Not where bodies stream towards the filter before its first answer: Envoy keeps
 * 64 KiB of a stream for a retry and leaves out what is beyond, which would make holes in the body.
 */
function retryPolicy({ requestBody }: Profile): string {
  if (requestBody !== 'BUFFERED' && requestBody !== 'NONE') return '';
  return `                        retry_policy: # a stream that no filter has taken goes to another one
                          retry_on: connect-failure,refused-stream,reset-before-request
                          num_retries: 3
                          retry_back_off: { base_interval: 0.025s, max_interval: 0.1s } # the default of 1 s would outlast message_timeout
                          retry_host_predicate:
                            - name: envoy.retry_host_predicates.previous_hosts
                              typed_config:
                                '@type': type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate
                          host_selection_retry_max_attempts: 3
`;
}

/** All six modes. Trailers are sent where a body that ends with them would otherwise never be known to have ended. */
function processingMode({ requestBody, responseBody }: Pick<Profile, 'requestBody' | 'responseBody'>, indent: string): string {
  const trailers = (mode: BodyMode): string => (mode === 'FULL_DUPLEX_STREAMED' || mode === 'STREAMED' ? 'SEND' : 'SKIP');
  return [
    'request_header_mode: SEND',
    'response_header_mode: SEND',
    `request_body_mode: ${requestBody}`,
    `response_body_mode: ${responseBody}`,
    `request_trailer_mode: ${trailers(requestBody)}`,
    `response_trailer_mode: ${trailers(responseBody)}`,
  ]
    .map((line) => indent + line)
    .join('\n');
}

function upgradeRoute({ name }: Upstream): string {
  return `                        - name: upgrades
                          match: { prefix: /, headers: [{ name: upgrade, present_match: true }] }
                          route:
                            cluster: provider
                            host_rewrite_literal: ${quoted(name)} # CHANGE: the provider's host name
                            timeout: 0s
                          typed_per_filter_config:
                            envoy.filters.http.ext_proc:
                              '@type': type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute
                              overrides:
                                processing_mode:
${processingMode({ requestBody: 'FULL_DUPLEX_STREAMED', responseBody: 'FULL_DUPLEX_STREAMED' }, '                                  ')}
`;
}

/**
 * One process of several that is gone is left at once, before health checks have noticed: where bodies stream nothing is retried. Only what
 * the connection to it shows counts, and half of the processes stay in any case. Round robin, not the least busy one: who refuses every
 * stream at once looks least busy.
 */
function outlierDetection(moreFilters: readonly FilterAddress[]): string {
  if (moreFilters.length === 0) return '';
  return `      outlier_detection: # a process that is gone is left after three streams, until its health check is good again
        split_external_local_origin_errors: true
        consecutive_local_origin_failure: 3
        enforcing_local_origin_success_rate: 0
        enforcing_consecutive_5xx: 0
        enforcing_success_rate: 0
        base_ejection_time: 30s
        max_ejection_percent: 50
`;
}

/** Every address that a name stands for is one process of the filter; each gets its part of the exchanges. */
function filterDiscovery(filter: FilterAddress): string {
  return 'path' in filter || isIpAddress(filter.host) ? '      type: STATIC' : '      type: STRICT_DNS';
}

/** A name may stand for IPv4 and IPv6 addresses of which only some answer (`localhost`): with ALL, Envoy tries them in turn. */
function discovery({ host }: HostPort): string {
  return isIpAddress(host) ? '      type: STATIC' : '      type: LOGICAL_DNS\n      dns_lookup_family: ALL';
}

function adminBlock(admin: HostPort | undefined): string {
  return admin === undefined ? '' : `admin:\n  address: ${address(admin)}\n`;
}

function providerTlsBlock({ name, host, caFile }: Upstream): string {
  if (caFile === undefined) return '';
  const server = isIpAddress(host) ? host : name.split(':')[0]!;
  return tlsBlock({ server, caFile, whose: "the provider's host name", which: "this machine's CA bundle", common: [] });
}

/** A socket has no name that a certificate could have: there the CA alone counts. */
function filterTlsBlock(filter: FilterAddress, { caFile, own }: FilterTls): string {
  const files = own && `{ certificate_chain: { filename: ${word(own.certFile)} }, private_key: { filename: ${word(own.keyFile)} } }`;
  return tlsBlock({
    server: 'path' in filter ? undefined : filter.host,
    caFile,
    whose: "a name in the filter's certificate",
    which: "CA of the filter's certificate",
    common: [
      'alpn_protocols: [h2]',
      ...(files === undefined ? [] : [`tls_certificates: [${files}] # CHANGE: Envoy's own, for the filter`]),
    ],
  });
}

interface TlsBlock {
  /** Name or address that the certificate must have; undefined: any. */
  readonly server: string | undefined;
  readonly caFile: string;
  /** What a reader has to change, of the name and of the CA. */
  readonly whose: string;
  readonly which: string;
  /** More lines of the common context. */
  readonly common: readonly string[];
}

function tlsBlock({ server, caFile, whose, which, common }: TlsBlock): string {
  const sni = server === undefined ? '' : `          sni: ${word(server)} # CHANGE: ${whose}\n`;
  const sanType = server !== undefined && isIpAddress(server) ? 'IP_ADDRESS' : 'DNS';
  const names =
    server === undefined
      ? ''
      : `              match_typed_subject_alt_names:
                - { san_type: ${sanType}, matcher: { exact: ${quoted(server)} } }
`;
  return `      transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          '@type': type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
${sni}          common_tls_context:
${common.map((line) => `            ${line}\n`).join('')}            validation_context:
              trusted_ca: { filename: ${word(caFile)} } # CHANGE: ${which}
${names}`;
}

/** A text as YAML has it between single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A text that needs no quotes where it is plain, as names and paths mostly are. */
function word(text: string): string {
  return /^[A-Za-z/][\w./-]*$/.test(text) ? text : quoted(text);
}

function address(where: HostPort | { readonly path: string }): string {
  if ('path' in where) return `{ pipe: { path: ${JSON.stringify(where.path)} } }`;
  const { host, port } = where;
  return `{ socket_address: { address: ${quoted(host)}, port_value: ${port} } }`;
}

function isIpAddress(host: string): boolean {
  return host.includes(':') || host.split('.').every((part) => part !== '' && part.length <= 3 && Number(part) >= 0 && Number(part) <= 255);
}
