import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConfigFinding, Severity } from '../../src/doctor/finding.ts';
import { type Against, apply, asDump, changed, findingsOf, type Message, type Parts, partsOf, shippedText } from './envoy-parts.ts';
import { RUNNING_ROWS } from './running-rows.ts';

const OBSERVE = 'version: 1\nextends: builtin/observe\n';
const OPEN = 'version: 1\nfailMode: {request: open, response: open}\n';
const LIMIT_PASSES = 'version: 1\nfailMode: {onLimit: allow}\n';
const BY_ROUTE_NAME = 'version: 1\nroutes:\n  - {match: {routeName: mcp-*}, profile: default}\n';
const BY_PATH = 'version: 1\nroutes:\n  - {match: {path: /v1/**}, profile: default}\n';

const TRUSTS_HEADER =
  'version: 1\nidentity: {headers: {X-Agent: {sanitizedBy: envoy}}}\nagents:\n  bot: {identify: {header: {x-agent: bot}}}\n';
const byCertificate = (xfcc: string) => `version: 1\n${xfcc}agents:\n  bot: {identify: {mtlsCn: bot}}\n`;
const XFCC = byCertificate('identity: {xfcc: {sanitizedBy: envoy}}\n');
const XFCC_HOP = byCertificate('identity: {xfcc: {sanitizedBy: envoy, trustedHops: 1}}\n');
const BY_TOKEN = 'version: 1\nidentity: {jwtAuthn: payload}\nagents:\n  bot: {identify: {jwt: {sub: bot}}}\n';
const forwardCertificate =
  (how: string) =>
  ({ manager }: Parts) =>
    set(manager, { forward_client_cert_details: how });
const adding = (append_action: string) => ({ append: { header: { key: 'X-Agent', value: 'bot' }, append_action } });

const PER_ROUTE = 'type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute';
const perRoute = (message: Message) => ({ 'envoy.filters.http.ext_proc': { '@type': PER_ROUTE, ...message } });
const filterOf = (name: string, type: string, config: Message = {}) => ({
  name: `envoy.filters.http.${name}`,
  typed_config: { '@type': `type.googleapis.com/envoy.extensions.filters.http.${name}.v3.${type}`, ...config },
});
const compressor = (config: Message = {}) => filterOf('compressor', 'Compressor', config);
const decompressor = (config: Message = {}) => filterOf('decompressor', 'Decompressor', config);
const duplexMode = { request_body_mode: 'FULL_DUPLEX_STREAMED', response_body_mode: 'FULL_DUPLEX_STREAMED' };
const http = (message: Message) => ({ 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': message });

/** What is broken in `envoy/default.yaml` (or another one), what the doctor must say, and under which policy. */
type Row = readonly [
  broken: string,
  change: (parts: Parts) => void,
  expected: readonly [severity: Severity, check: string, set: string],
  against?: Against & { readonly profile?: string },
];

const ROWS: readonly Row[] = [
  // Fail mode
  ['fails open', ({ filter }) => set(filter, { failure_mode_allow: true }), ['danger', 'fail-open', 'failure_mode_allow: true']],
  [
    'fails open on one route',
    ({ route }) => set(route, { typed_per_filter_config: perRoute({ overrides: { failure_mode_allow: true } }) }),
    ['danger', 'fail-open', 'failure_mode_allow: true'],
  ],
  ['fails closed while observing', () => {}, ['warning', 'fail-closed', 'failure_mode_allow: false'], { policy: OBSERVE }],
  ['fails closed, the policy open', () => {}, ['note', 'fail-closed', 'failure_mode_allow: false'], { policy: OPEN }],
  [
    'ignores answers',
    ({ filter }) => set(filter, { observability_mode: true }),
    ['danger', 'observability-mode', 'observability_mode: true'],
  ],
  [
    'refuses denials',
    ({ filter }) => set(filter, { disable_immediate_response: true }),
    ['warning', 'immediate-response', 'disable_immediate_response: true'],
  ],
  [
    'refuses denials and fails open',
    ({ filter }) => set(filter, { disable_immediate_response: true, failure_mode_allow: true }),
    ['danger', 'immediate-response', 'disable_immediate_response: true'],
  ],
  ['no status on error', ({ filter }) => unset(filter, 'status_on_error'), ['note', 'status-on-error', 'status_on_error: absent']],
  ['an HTTP service', ({ filter }) => set(filter, { grpc_service: undefined, http_service: {} }), ['danger', 'transport', 'http_service']],
  // Processing modes
  [
    'request bodies not sent',
    ({ filter }) => mode(filter, { request_body_mode: 'NONE' }),
    ['danger', 'body-not-sent', 'request_body_mode: NONE'],
  ],
  ['no mode at all', ({ filter }) => unset(filter, 'processing_mode'), ['danger', 'body-not-sent', 'request_body_mode: NONE']],
  [
    'response bodies not sent while observing',
    ({ filter }) => mode(filter, { response_body_mode: 'NONE' }),
    ['warning', 'body-not-sent', 'response_body_mode: NONE'],
    { policy: OBSERVE },
  ],
  [
    'bodies not sent, and the filter may not turn them on',
    ({ filter }) => set(filter, { allow_mode_override: false }),
    ['danger', 'body-not-sent', 'response_body_mode: NONE'],
    { profile: 'selective' },
  ],
  [
    'bodies not sent, and the mode that the filter turns on is not allowed',
    ({ filter }) => set(filter, { allowed_override_modes: [{ request_body_mode: 'BUFFERED' }] }),
    ['danger', 'body-not-sent', 'request_body_mode: NONE'],
    { profile: 'selective' },
  ],
  [
    'copies of whole bodies',
    ({ filter }) => mode(filter, { request_body_mode: 'BUFFERED' }),
    ['warning', 'body-not-sent', 'request_body_mode: BUFFERED'],
    { profile: 'observe', policy: OBSERVE },
  ],
  [
    'request in pieces',
    ({ filter }) => mode(filter, { request_body_mode: 'STREAMED' }),
    ['warning', 'body-streamed', 'request_body_mode: STREAMED'],
  ],
  [
    'answer in pieces',
    ({ filter }) => mode(filter, { response_body_mode: 1 }),
    ['warning', 'body-streamed', 'response_body_mode: STREAMED'],
  ],
  [
    'answer held whole',
    ({ filter }) => mode(filter, { response_body_mode: 'BUFFERED' }),
    ['warning', 'response-buffered', 'response_body_mode: BUFFERED'],
  ],
  [
    'beginning of a request',
    ({ filter }) => mode(filter, { request_body_mode: 'BUFFERED_PARTIAL' }),
    ['warning', 'body-partial', 'request_body_mode: BUFFERED_PARTIAL'],
  ],
  [
    'beginning of a request, the rest passes',
    ({ filter }) => mode(filter, { request_body_mode: 'BUFFERED_PARTIAL' }),
    ['danger', 'body-partial', 'request_body_mode: BUFFERED_PARTIAL'],
    { policy: LIMIT_PASSES },
  ],
  [
    'no request headers',
    ({ filter }) => mode(filter, { request_header_mode: 'SKIP' }),
    ['warning', 'headers-skipped', 'request_header_mode: SKIP'],
  ],
  [
    'no request headers, the policy has routes',
    ({ filter }) => mode(filter, { request_header_mode: 'SKIP' }),
    ['danger', 'headers-skipped', 'request_header_mode: SKIP'],
    { policy: BY_ROUTE_NAME },
  ],
  [
    'no response headers',
    ({ filter }) => mode(filter, { response_header_mode: 'SKIP' }),
    ['warning', 'headers-skipped', 'response_header_mode: SKIP'],
  ],
  [
    'no trailers in full duplex',
    ({ filter }) => mode(filter, { response_trailer_mode: 'SKIP' }),
    ['danger', 'trailers-skipped', 'response_body_mode: FULL_DUPLEX_STREAMED, response_trailer_mode: SKIP'],
  ],
  [
    'no trailers in full duplex on a route',
    ({ route }) => set(route, { typed_per_filter_config: perRoute({ overrides: { processing_mode: duplexMode } }) }),
    ['warning', 'trailers-skipped', 'request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SKIP'],
  ],
  [
    'upgrades where requests are held whole',
    ({ manager }) => set(manager, { upgrade_configs: [{ upgrade_type: 'websocket' }] }),
    ['warning', 'upgrades-buffered', 'request_body_mode: BUFFERED where upgrade_configs let upgrades through'],
  ],
  [
    'a mode override without effect',
    ({ filter }) => set(filter, { allow_mode_override: true }),
    ['note', 'mode-override', 'allow_mode_override: true'],
  ],
  [
    'retries of requests that stream',
    ({ filter }) => set(filter['grpc_service'], { retry_policy: { num_retries: 3, retry_on: 'reset-before-request' } }),
    ['warning', 'stream-retries', 'retry_policy where request_body_mode is FULL_DUPLEX_STREAMED'],
    { profile: 'duplex' },
  ],
  [
    'bodies before headers are answered',
    ({ filter }) => set(filter, { send_body_without_waiting_for_header_response: true }),
    ['note', 'send-body-without-waiting', 'send_body_without_waiting_for_header_response: true'],
  ],
  // Timeouts
  ['no message timeout', ({ filter }) => unset(filter, 'message_timeout'), ['warning', 'message-timeout', 'message_timeout: absent']],
  [
    'a short message timeout',
    ({ filter }) => set(filter, { message_timeout: '0.5s' }),
    ['warning', 'message-timeout', 'message_timeout: 0.5s'],
  ],
  [
    'a message timeout of nothing',
    ({ filter }) => set(filter, { message_timeout: '0s' }),
    ['danger', 'message-timeout', 'message_timeout: 0s'],
  ],
  [
    'a long message timeout',
    ({ filter }) => set(filter, { message_timeout: '60s' }),
    ['warning', 'message-timeout', 'message_timeout: 60s'],
  ],
  ['no route timeout written', ({ route }) => unset(route['route'], 'timeout'), ['warning', 'route-timeout', 'timeout: absent or 15s']],
  ['a route timeout', ({ route }) => set(route['route'], { timeout: '60s' }), ['warning', 'route-timeout', 'timeout: 60s']],
  ['a long route timeout', ({ route }) => set(route['route'], { timeout: '3600s' }), ['note', 'route-timeout', 'timeout: 3600s']],
  [
    'no idle timeout written',
    ({ manager }) => unset(manager, 'stream_idle_timeout'),
    ['note', 'stream-idle-timeout', 'stream_idle_timeout: absent'],
  ],
  [
    'idle timeout off',
    ({ manager }) => set(manager, { stream_idle_timeout: '0s' }),
    ['warning', 'stream-idle-timeout', 'stream_idle_timeout: 0s'],
  ],
  [
    'a short idle timeout',
    ({ manager }) => set(manager, { stream_idle_timeout: '10s' }),
    ['warning', 'stream-idle-timeout', 'stream_idle_timeout: 10s'],
  ],
  [
    'idle timeout off on a route',
    ({ route }) => set(route['route'], { idle_timeout: '0s' }),
    ['warning', 'stream-idle-timeout', 'idle_timeout: 0s'],
  ],
  // Buffers
  [
    'no buffer limit written',
    ({ listener }) => unset(listener, 'per_connection_buffer_limit_bytes'),
    ['warning', 'buffer-limit', 'per_connection_buffer_limit_bytes: absent'],
  ],
  [
    "a buffer below the policy's limit",
    () => {},
    ['warning', 'buffer-limit', 'per_connection_buffer_limit_bytes: 16777216'],
    { policy: 'version: 1\nlimits: {bodyBytes: 32MiB}\n' },
  ],
  [
    'a buffer of a route below the limit, as a 64-bit text',
    ({ route }) => set(route, { request_body_buffer_limit: '65536' }),
    ['warning', 'buffer-limit', 'request_body_buffer_limit: 65536'],
  ],
  // Headers and attributes
  ['no mutation rules', ({ filter }) => unset(filter, 'mutation_rules'), ['note', 'mutation-rules', 'mutation_rules: absent']],
  [
    'rules that allow routing headers',
    ({ filter }) => set(filter, { mutation_rules: { allow_all_routing: true } }),
    ['warning', 'mutation-rules', 'allow_all_routing: true'],
  ],
  [
    'rules that allow everything else',
    ({ filter }) => set(filter, { mutation_rules: { disallow_system: true } }),
    ['note', 'mutation-rules', 'disallow_all: false'],
  ],
  [
    'rules that refuse what the filter changes',
    ({ filter }) => set(filter, { mutation_rules: { disallow_all: true } }),
    ['warning', 'mutation-rules', 'mutation_rules refuse accept-encoding, content-encoding, content-length'],
  ],
  [
    'rules that refuse one of them by expression',
    ({ filter }) => set(filter['mutation_rules'], { disallow_expression: { regex: 'content-.*' } }),
    ['warning', 'mutation-rules', 'mutation_rules refuse content-encoding, content-length'],
  ],
  [
    'content types kept back',
    ({ filter }) => set(filter, { forward_rules: { disallowed_headers: { patterns: [{ prefix: 'Content-T', ignore_case: true }] } } }),
    ['warning', 'forward-rules', 'forward_rules keep back content-type'],
  ],
  [
    'paths kept back, the policy matches on them',
    ({ filter }) =>
      set(filter, { forward_rules: { allowed_headers: { patterns: [{ safe_regex: { regex: '[a-z].*|:authority|:method' } }] } } }),
    ['danger', 'forward-rules', 'forward_rules keep back :path'],
    { policy: BY_PATH },
  ],
  [
    'no route name, the policy matches on it',
    ({ filter }) => set(filter, { request_attributes: ['source.address'] }),
    ['danger', 'request-attributes', 'request_attributes: [source.address]'],
    { policy: BY_ROUTE_NAME },
  ],
  ['no route name', ({ filter }) => unset(filter, 'request_attributes'), ['note', 'request-attributes', 'request_attributes: []']],
  // Who calls
  [
    'a trusted header that nothing removes',
    () => {},
    ['danger', 'trusted-header', 'x-agent: as the client sends it'],
    { policy: TRUSTS_HEADER },
  ],
  [
    'a trusted header that is set for some tokens',
    ({ manager }) =>
      manager['http_filters'].unshift(
        filterOf('jwt_authn', 'JwtAuthentication', {
          providers: { a: { claim_to_headers: [{ header_name: 'x-agent', claim_name: 'sub' }] } },
        }),
      ),
    ['warning', 'trusted-header', 'claim_to_headers or forward_payload_header: x-agent'],
    { policy: TRUSTS_HEADER },
  ],
  [
    'a certificate header that clients write',
    forwardCertificate('ALWAYS_FORWARD_ONLY'),
    ['danger', 'forwarded-certificate', 'forward_client_cert_details: ALWAYS_FORWARD_ONLY'],
    { policy: XFCC },
  ],
  [
    'a certificate header that is forwarded as it came',
    forwardCertificate('FORWARD_ONLY'),
    ['danger', 'forwarded-certificate', 'forward_client_cert_details: FORWARD_ONLY'],
    { policy: XFCC_HOP },
  ],
  [
    'a certificate header that is removed',
    () => {},
    ['warning', 'forwarded-certificate', 'forward_client_cert_details: SANITIZE'],
    { policy: XFCC },
  ],
  [
    'a certificate header without what trusted proxies wrote',
    forwardCertificate('SANITIZE_SET'),
    ['warning', 'forwarded-certificate', 'forward_client_cert_details: SANITIZE_SET'],
    { policy: XFCC_HOP },
  ],
  [
    "the certificate's names not sent",
    ({ filter }) => set(filter, { request_attributes: ['xds.route_name'] }),
    ['warning', 'certificate-attributes', 'request_attributes without connection.subject_peer_certificate'],
    { policy: byCertificate('') },
  ],
  ['tokens that nobody verifies', () => {}, ['warning', 'token-filter', 'no jwt_authn before ext_proc'], { policy: BY_TOKEN }],
  [
    'verified tokens that are not forwarded',
    ({ manager, filter }) => {
      unset(filter, 'metadata_options');
      manager['http_filters'].unshift(filterOf('jwt_authn', 'JwtAuthentication'));
    },
    ['warning', 'token-metadata', 'forwarding_namespaces without envoy.filters.http.jwt_authn'],
    { policy: BY_TOKEN },
  ],
  [
    'verified tokens that are left under another name',
    ({ manager }) => {
      const providers = { login: { issuer: 'https://login.example', payload_in_metadata: 'claims' } };
      manager['http_filters'].unshift(filterOf('jwt_authn', 'JwtAuthentication', { providers }));
    },
    ['warning', 'token-payload', 'payload_in_metadata: claims'],
    { policy: BY_TOKEN },
  ],
  // The cluster
  [
    'no HTTP/2 to the filter',
    ({ cluster }) => unset(cluster, 'typed_extension_protocol_options'),
    ['danger', 'cluster-http2', 'http2_protocol_options: absent'],
  ],
  [
    'HTTP/2 only when negotiated',
    ({ cluster }) => set(cluster, { typed_extension_protocol_options: http({ auto_config: {} }) }),
    ['warning', 'cluster-http2', 'auto_config or use_downstream_protocol_config'],
  ],
  [
    'no endpoints',
    ({ cluster }) => set(cluster['load_assignment'], { endpoints: [] }),
    ['danger', 'cluster-endpoints', 'load_assignment.endpoints: none'],
  ],
  ['no such cluster', ({ cluster }) => set(cluster, { name: 'other' }), ['danger', 'cluster-missing', 'cluster_name: sluice']],
  [
    'no circuit breakers written',
    ({ cluster }) => unset(cluster, 'circuit_breakers'),
    ['warning', 'cluster-circuit-breakers', 'max_requests: 1024, max_pending_requests: 1024, max_connections: 1024'],
  ],
  [
    'one low circuit breaker',
    ({ cluster }) => set(cluster['circuit_breakers'].thresholds[0], { max_requests: 9_999 }),
    ['warning', 'cluster-circuit-breakers', 'max_requests: 9999'],
  ],
  [
    'all filters may be ejected',
    ({ cluster }) => set(cluster, { outlier_detection: { max_ejection_percent: 100 } }),
    ['warning', 'cluster-outlier-detection', 'max_ejection_percent: 100'],
  ],
  [
    'the only filter may be ejected',
    ({ cluster }) => set(cluster, { outlier_detection: { always_eject_one_host: true } }),
    ['warning', 'cluster-outlier-detection', 'max_ejection_percent: 10, always_eject_one_host: true'],
  ],
  ['no health checks', ({ cluster }) => unset(cluster, 'health_checks'), ['note', 'cluster-health-checks', 'health_checks: absent']],
  ['a slow connect', ({ cluster }) => unset(cluster, 'connect_timeout'), ['note', 'cluster-connect-timeout', 'connect_timeout: 5s']],
  // Order
  ['after the router', ({ manager }) => manager['http_filters'].reverse(), ['danger', 'filter-order', 'ext_proc after the router']],
  [
    'answers compressed before they are seen',
    ({ manager }) => manager['http_filters'].splice(1, 0, compressor()),
    ['note', 'filter-order', 'compressor after ext_proc'],
  ],
  [
    'requests decompressed too late',
    ({ manager }) => manager['http_filters'].splice(1, 0, decompressor()),
    ['note', 'filter-order', 'decompressor after ext_proc'],
  ],
  [
    'requests compressed too early',
    ({ manager }) => manager['http_filters'].unshift(compressor({ request_direction_config: {} })),
    ['note', 'filter-order', 'compressor of requests before ext_proc'],
  ],
  // What goes past the filter
  [
    'off on the route that catches all',
    ({ route }) => set(route, { typed_per_filter_config: perRoute({ disabled: true }) }),
    ['danger', 'route-disabled', 'disabled: true'],
  ],
  [
    'off on one route of two',
    ({ host, route }) => {
      host['routes'].push({ ...route, name: 'rest' });
      set(route, { name: 'files', match: { prefix: '/files' }, typed_per_filter_config: perRoute({ disabled: true }) });
    },
    ['warning', 'route-disabled', 'disabled: true'],
  ],
  [
    'another processor on a route',
    ({ route }) =>
      set(route, { typed_per_filter_config: perRoute({ overrides: { grpc_service: { envoy_grpc: { cluster_name: 'other' } } } }) }),
    ['danger', 'route-elsewhere', 'grpc_service: other'],
  ],
  [
    'off in the list of filters',
    ({ entry }) => set(entry, { disabled: true }),
    ['danger', 'filter-disabled', 'envoy.filters.http.ext_proc: {disabled: true}'],
  ],
  [
    'paths not normalised, the policy matches on them',
    ({ manager }) => unset(manager, 'merge_slashes'),
    ['warning', 'path-normalisation', 'normalize_path, merge_slashes or path_with_escaped_slashes_action: absent'],
    { policy: BY_PATH },
  ],
  [
    'routes that are not there',
    ({ manager }) => set(manager, { route_config: undefined, rds: { route_config_name: 'elsewhere' } }),
    ['note', 'routes-unknown', 'rds or scoped_routes'],
  ],
  [
    'a matcher around the filter',
    ({ entry, filter }) =>
      set(entry, {
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.common.matching.v3.ExtensionWithMatcher',
          extension_config: { typed_config: filter },
        },
      }),
    ['note', 'conditional-filter', 'ExtensionWithMatcher around ext_proc'],
  ],
];

const CASES = ROWS.map(([broken, change, [severity, check, what], { profile = 'default', ...against } = {}]) => {
  const asked = (root: Message) => findingsOf(root, against);
  const same = (root: Message) => asked(root).filter((one) => one.check === check && one.set === what);
  return { broken, change, severity, check, profile, asked, same };
});

/** Findings whose remedy is more than a line of configuration. */
const WITHOUT_REMEDY = new Set([
  'cluster-endpoints',
  'cluster-missing',
  'routes-unknown',
  'conditional-filter',
  'token-filter',
  'token-payload',
]);

describe('a configuration that is wrong', () => {
  test('has a row for every way to be wrong', () => {
    expect(CASES).toHaveLength(83);
    expect(new Set(CASES.map(({ check }) => check)).size).toBe(43);
  });

  test.each(CASES)('$broken: it is found', ({ change, severity, profile, same }) => {
    expect(same(changed(profile, change)).map((one) => one.severity)).toEqual([severity]);
  });

  test.each(CASES.filter(({ change }) => !isNoChange(change)))('$broken: without that, nothing is said', ({ profile, same }) => {
    expect(same(changed(profile, () => {}))).toEqual([]);
  });

  test.each(CASES.filter(({ check }) => !WITHOUT_REMEDY.has(check)))(
    '$broken: what is put instead heals it',
    ({ change, profile, same }) => {
      const broken = changed(profile, change);
      apply(same(broken)[0]!, partsOf(broken));
      expect(same(broken)).toEqual([]);
    },
  );

  test.each(CASES)('$broken: a dump says the same as the bootstrap', ({ change, profile, asked }) => {
    const root = changed(profile, change);
    expect(asked(asDump(root))).toEqual(asked(root));
  });
});

const header_mutation = (...request_mutations: readonly object[]) =>
  filterOf('header_mutation', 'HeaderMutation', { mutations: { request_mutations } });
const MUTATIONS: readonly (readonly [string, (parts: Parts) => void, number])[] = [
  ['removed by the route', ({ host }) => set(host, { request_headers_to_remove: ['x-agent'] }), 1],
  ['removed by a later filter', ({ manager }) => manager['http_filters'].splice(1, 0, header_mutation({ remove: 'x-agent' })), 1],
  [
    'removed by a filter that is off',
    ({ manager }) => manager['http_filters'].unshift({ ...header_mutation({ remove: 'x-agent' }), disabled: true }),
    1,
  ],
  ["added beside the client's", ({ manager }) => manager['http_filters'].unshift(header_mutation(adding('APPEND_IF_EXISTS_OR_ADD'))), 1],
  ['removed by an earlier filter', ({ manager }) => manager['http_filters'].unshift(header_mutation({ remove: 'X-Agent' })), 0],
  ['overwritten by an earlier filter', ({ manager }) => manager['http_filters'].unshift(header_mutation(adding('OVERWRITE_IF_EXISTS'))), 0],
];

describe('a header that the policy trusts', () => {
  test.each(MUTATIONS)('%s: dangers found', (_, change, count) => {
    const found = findingsOf(changed('default', change), { policy: TRUSTS_HEADER }).filter(({ check }) => check === 'trusted-header');
    expect(found).toHaveLength(count);
  });
  test('has six rows', () => expect(MUTATIONS).toHaveLength(6));
});

test('docs/doctor.md lists exactly the checks there are', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/doctor.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const elsewhere = ['no-filter', 'listener-without-filter', 'envoy-version', 'live-counter'];
  const running = RUNNING_ROWS.map(([, , [, check]]) => check);
  const checks = new Set([...CASES.map(({ check }) => check), ...elsewhere, ...running]);
  expect(rows.map((row) => row.split('`')[1]!).toSorted()).toEqual([...checks].toSorted());
});

describe('the shipped configurations', () => {
  test.each([
    ['default', undefined, []],
    ['duplex', undefined, []],
    ['selective', undefined, []],
    ['upgrades', undefined, []],
    ['observe', OBSERVE, []],
    ['legacy', undefined, ['warning body-streamed']],
    ['observe', undefined, ['danger fail-open', 'danger observability-mode']],
  ] as const)('%s.yaml has no dangers and warnings but those it warns of itself', (profile, policy, expected) => {
    const findings = findingsOf(shippedText(profile), policy === undefined ? {} : { policy });
    expect(findings.filter(({ severity }) => severity !== 'note').map(({ severity, check }) => `${severity} ${check}`)).toEqual(expected);
  });

  test('the mutation rules that the doctor proposes are those of default.yaml', () => {
    const root = changed('default', ({ filter }) => unset(filter, 'mutation_rules'));
    const finding = findingsOf(root).find(({ check }) => check === 'mutation-rules')!;
    apply(finding, partsOf(root));
    const shipped = changed('default', () => {});
    expect(partsOf(root).filter['mutation_rules'].allow_expression).toEqual(partsOf(shipped).filter['mutation_rules'].allow_expression);
  });
});

describe('findings', () => {
  test('come with the gravest first, each whole', () => {
    const root = changed('default', ({ filter, cluster }) => {
      set(cluster, { circuit_breakers: {} });
      set(filter, { failure_mode_allow: true, send_body_without_waiting_for_header_response: true });
    });
    const findings = findingsOf(root).filter(({ check }) => check !== 'cluster-health-checks');
    expect(findings.map(({ severity }) => severity)).toEqual(['danger', 'warning', 'note']);
    expect(findings[0]).toEqual({
      severity: 'danger',
      check: 'fail-open',
      where: 'listener gateway, filter envoy.filters.http.ext_proc',
      set: 'failure_mode_allow: true',
      means:
        "When the filter is gone, fails or is late, traffic passes uninspected; the policy's failMode is closed for request and response.",
      put: { into: 'ext_proc filter', yaml: 'failure_mode_allow: false' },
    } satisfies ConfigFinding);
  });

  test('name the filter chain they are about, the default one too', () => {
    const root = changed('default', ({ listener, filter }) => {
      set(filter, { failure_mode_allow: true });
      set(listener, { default_filter_chain: structuredClone(listener['filter_chains'][0]) });
    });
    expect(findingsOf(root).map(({ where }) => where)).toEqual([
      'listener gateway, filter chain 0, filter envoy.filters.http.ext_proc',
      'listener gateway, default filter chain, filter envoy.filters.http.ext_proc',
    ]);
  });

  test('name the routes they are about, and of many the number', () => {
    const root = changed('default', ({ host, route }) => {
      const off = perRoute({ disabled: true });
      const rows = Array.from({ length: 10 }, (_, i) => ({
        ...route,
        name: `r${i}`,
        match: { prefix: `/r${i}` },
        typed_per_filter_config: off,
      }));
      host['routes'].unshift(...rows);
    });
    const finding = findingsOf(root).find(({ check }) => check === 'route-disabled');
    const named = Array.from({ length: 8 }, (_, i) => `r${i} of provider`).join(', ');
    expect(finding?.where).toBe(`listener gateway, filter envoy.filters.http.ext_proc, routes ${named} and 2 more`);
    expect(finding?.means).toBe('These 10 routes are not inspected.');
  });

  test('a more specific level switches the filter on again', () => {
    const root = changed('default', ({ host, route }) => {
      set(host, { typed_per_filter_config: perRoute({ disabled: true }) });
      set(route, { typed_per_filter_config: perRoute({ overrides: {} }) });
    });
    expect(findingsOf(root).filter(({ check }) => check === 'route-disabled')).toEqual([]);
  });

  test('are about the filters of the named cluster alone; one that is used nowhere is a danger', () => {
    const root = changed('default', ({ manager, filter }) => {
      const other = { ...filter, grpc_service: { envoy_grpc: { cluster_name: 'other' } }, failure_mode_allow: true };
      manager['http_filters'].unshift({ name: 'second', typed_config: other });
    });
    const dangers = (cluster?: string) => findingsOf(root, { cluster }).filter(({ severity }) => severity === 'danger');
    expect(dangers()).toEqual([]);
    expect(dangers('other').map(({ check }) => check)).toEqual(['fail-open', 'cluster-missing']);
    expect(dangers('nowhere').map(({ check }) => check)).toEqual(['no-filter']);
  });

  test('are about every ext_proc filter when none is called after Sluice', () => {
    const root = changed('default', ({ filter, cluster }) => {
      set(filter, { grpc_service: { envoy_grpc: { cluster_name: 'guard' } }, failure_mode_allow: true });
      set(cluster, { name: 'guard' });
    });
    expect(
      findingsOf(root)
        .filter(({ severity }) => severity === 'danger')
        .map(({ check }) => check),
    ).toEqual(['fail-open']);
  });

  test('say which listener has no filter', () => {
    const root = changed('default', ({ root: all, listener, manager }) => {
      const bare = structuredClone(listener);
      set(bare, { name: 'side\u001b[2Jdoor' });
      bare['filter_chains'][0].filters[0].typed_config.http_filters.shift();
      all['static_resources'].listeners.push(bare);
      manager['http_filters'].push();
    });
    expect(
      findingsOf(root)
        .filter(({ check }) => check === 'listener-without-filter')
        .map(({ where }) => where),
    ).toEqual(['listener side\u001b[2Jdoor']);
  });

  test('read routes that came by RDS and filters that came by ECDS', () => {
    const root = changed('default', () => {});
    const { manager, entry, filter, route } = partsOf(root);
    set(route, { typed_per_filter_config: perRoute({ disabled: true }) });
    const routeConfig = manager['route_config'];
    set(manager, { route_config: undefined, rds: { route_config_name: 'gateway' } });
    set(entry, { typed_config: undefined, config_discovery: {} });
    const dump = asDump(root);
    dump['configs'].push(
      { dynamic_route_configs: [{ route_config: routeConfig }] },
      { ecds_filters: [{ ecds_filter: { name: entry['name'], typed_config: { ...filter, failure_mode_allow: true } } }] },
    );
    expect(findingsOf(dump).map(({ check }) => check)).toContain('route-disabled');
    unset(route, 'typed_per_filter_config');
    expect(findingsOf(dump).map(({ check }) => check)).toContain('fail-open');
  });
});

describe("Envoy's version", () => {
  test.each([
    [33, ['danger']],
    [34, []],
  ] as const)('1.%i', (minor_number, expected) => {
    const dump = asDump(
      changed('default', () => {}),
      { major_number: 1, minor_number },
    );
    expect(
      findingsOf(dump)
        .filter(({ check }) => check === 'envoy-version')
        .map(({ severity }) => severity),
    ).toEqual(expected);
  });
});

describe('live counters', () => {
  const counted = (name: string, value: number) =>
    findingsOf(
      changed('default', () => {}),
      { stats: new Map([[name, value]]) },
    ).filter(({ check }) => check === 'live-counter');

  test.each([
    ['http.gateway.ext_proc.failure_mode_allowed', 'danger'],
    ['http.gateway.ext_proc.streams_failed', 'warning'],
    ['http.gateway.ext_proc.own.spurious_msgs_received', 'warning'],
    ['http.gateway.ext_proc.message_timeouts', 'warning'],
    ['http.gateway.ext_proc.rejected_header_mutations', 'warning'],
    ['cluster.sluice.upstream_rq_pending_overflow', 'warning'],
    ['cluster.sluice.upstream_rq_active_overflow', 'warning'],
    ['cluster.sluice.upstream_cx_overflow', 'warning'],
    ['cluster.sluice.upstream_cx_none_healthy', 'warning'],
    ['cluster.sluice.upstream_cx_connect_fail', 'note'],
  ] as const)('%s above zero is a %s', (name, severity) => {
    expect(counted(name, 3).map((one) => [one.severity, one.set])).toEqual([[severity, `${name}: 3`]]);
    expect(counted(name, 0)).toEqual([]);
  });

  test.each(['http.gateway.ext_proc.streams_started', 'http.gateway.ext_proc.constructor', 'cluster.provider.upstream_cx_overflow'])(
    '%s says nothing',
    (name) => expect(counted(name, 3)).toEqual([]),
  );
});

function set(message: Message, fields: Message): void {
  Object.assign(message, fields);
}

function unset(message: Message, field: string): void {
  delete message[field];
}

function mode(filter: Message, fields: Message): void {
  Object.assign(filter['processing_mode'], fields);
}

/** Rows whose policy alone makes the shipped configuration wrong. */
function isNoChange(change: (parts: Parts) => void): boolean {
  return change.toString().endsWith('{}');
}
