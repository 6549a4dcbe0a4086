import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ENVOY_PROFILES, type EnvoyConfigOptions, renderEnvoyConfig, SHIPPED_ADDRESSES } from '../../src/cli/envoy-config.ts';
import { envoyBinary } from '../../src/cli/envoy-process.ts';

const shippedFolder = path.resolve(import.meta.dirname, '../../envoy');

const plain: EnvoyConfigOptions = {
  profile: 'default',
  listen: { host: '127.0.0.1', port: 0 },
  filter: { host: '127.0.0.1', port: 9000 },
  upstream: { host: '127.0.0.1', port: 8080, name: '127.0.0.1:8080', caFile: undefined },
  admin: { host: '127.0.0.1', port: 0 },
};

describe('Envoy configurations', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sluice-envoy-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(ENVOY_PROFILES)('the shipped %s.yaml is what is rendered for the documented addresses', (profile) => {
    expect(readFileSync(path.join(shippedFolder, `${profile}.yaml`), 'utf8')).toBe(renderEnvoyConfig({ profile, ...SHIPPED_ADDRESSES }));
  });

  test.each([
    ...ENVOY_PROFILES.map((profile) => [profile, { ...plain, profile }] as const),
    ['a filter by name', { ...plain, filter: { host: 'filter.internal', port: 9000 } }],
    ['a filter on a Unix socket', { ...plain, filter: { path: '/run/sluice/filter.sock' } }],
    ['several processes of the filter', { ...plain, moreFilters: [9001, 9002].map((port) => ({ host: '127.0.0.1', port })) }],
    ['several on Unix sockets', { ...plain, filter: { path: '/run/s.sock.0' }, moreFilters: [{ path: '/run/s.sock.1' }] }],
    [
      'an https upstream by name',
      { ...plain, upstream: { host: 'api.example.com', port: 8443, name: 'api.example.com:8443', caFile: 'ROOTS' } },
    ],
    ['an https upstream by address', { ...plain, upstream: { host: '127.0.0.1', port: 443, name: '127.0.0.1', caFile: 'ROOTS' } }],
    [
      'TLS to a filter by name',
      { ...plain, filter: { host: 'filter.internal', port: 9000 }, filterTls: { caFile: 'ROOTS', own: undefined } },
    ],
    ['TLS to a filter by address', { ...plain, filterTls: { caFile: 'ROOTS', own: undefined } }],
    ['TLS to a filter on a Unix socket', { ...plain, filter: { path: '/run/s.sock' }, filterTls: { caFile: 'ROOTS', own: undefined } }],
    ['an IPv6 upstream', { ...plain, upstream: { host: '::1', port: 80, name: '[::1]', caFile: undefined } }],
  ] as const)('Envoy accepts the rendering for %s', (_, options) => {
    const roots = path.join(folder, 'roots.pem');
    writeFileSync(roots, TEST_ROOT);
    const file = path.join(folder, 'envoy.yaml');
    writeFileSync(file, renderEnvoyConfig(options as EnvoyConfigOptions).replaceAll('ROOTS', roots));
    expect(
      execFileSync(envoyBinary(), ['--mode', 'validate', '-c', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    ).toContain('OK');
  });

  test('names and files that YAML would read otherwise come back as they were given', () => {
    const name = "it's a.example";
    const caFile = "/etc/b #c: 'd'.pem";
    const upstream = { host: name, port: 443, name, caFile };
    const own = { certFile: '/etc/1, 2}.pem', keyFile: '/etc/ key.pem' };
    const text = renderEnvoyConfig({ ...plain, upstream, filterTls: { caFile, own } });
    const [filter, provider] = parse(text).static_resources.clusters;
    const contextOf = (cluster: { transport_socket: { typed_config: object } }) => cluster.transport_socket.typed_config;
    expect(contextOf(provider)).toMatchObject({
      sni: name,
      common_tls_context: { validation_context: { trusted_ca: { filename: caFile } } },
    });
    expect(contextOf(filter)).toMatchObject({
      sni: '127.0.0.1',
      common_tls_context: {
        alpn_protocols: ['h2'],
        tls_certificates: [{ certificate_chain: { filename: own.certFile }, private_key: { filename: own.keyFile } }],
        validation_context: {
          trusted_ca: { filename: caFile },
          match_typed_subject_alt_names: [{ san_type: 'IP_ADDRESS', matcher: { exact: '127.0.0.1' } }],
        },
      },
    });
  });

  test.each([
    ['default', 'BUFFERED', 'SKIP'],
    ['duplex', 'FULL_DUPLEX_STREAMED', 'SEND'],
  ] as const)('%s sends the body modes it is named after and fails closed', (profile, requestBody, requestTrailers) => {
    const filter = extProc(renderEnvoyConfig({ ...plain, profile }));
    expect(filter).toMatchObject({
      failure_mode_allow: false,
      status_on_error: { code: 503 },
      processing_mode: {
        request_body_mode: requestBody,
        request_trailer_mode: requestTrailers,
        response_body_mode: 'FULL_DUPLEX_STREAMED',
        response_trailer_mode: 'SEND',
      },
      mutation_rules: { disallow_all: { value: true } },
    });
  });
});

test('a filter of several processes is a cluster with an endpoint for each, and one that is gone is left; half of them stay', () => {
  const config = parse(renderEnvoyConfig({ ...plain, moreFilters: [{ host: '127.0.0.1', port: 9001 }] }));
  const cluster = config.static_resources.clusters.find(({ name }: { name: string }) => name === 'sluice');
  const endpoints = cluster.load_assignment.endpoints[0].lb_endpoints as { endpoint: { address: { socket_address: object } } }[];
  expect(endpoints.map(({ endpoint }) => endpoint.address.socket_address)).toEqual([
    { address: '127.0.0.1', port_value: 9000 },
    { address: '127.0.0.1', port_value: 9001 },
  ]);
  expect(cluster.outlier_detection).toMatchObject({ consecutive_local_origin_failure: 3, max_ejection_percent: 50 });
  expect(parse(renderEnvoyConfig(plain)).static_resources.clusters[0].outlier_detection).toBeUndefined();
});

/** The filter's part of a configuration. */
function extProc(yaml: string): unknown {
  const config = parse(yaml);
  const filters = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config.http_filters;
  return filters[0].typed_config;
}

/** Any certificate will do: Envoy reads the file and connects to nothing. */
const TEST_ROOT = (await import('node:tls')).rootCertificates[0]!;
