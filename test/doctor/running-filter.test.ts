import { describe, expect, test } from 'vitest';
import { diagnoseFilter } from '../../src/doctor/diagnose.ts';
import { type FilterStatus, readFilterStatus } from '../../src/doctor/filter-status.ts';
import { UNINSPECTABLE_REASONS } from '../../src/wire/frame.ts';
import { BALANCED, changed, configOf, type Message, needsOf, type Parts } from './envoy-parts.ts';
import { NOW_MS, RUNNING_ROWS, statusOf } from './running-rows.ts';

const endpoint = (port: number): Message => ({ endpoint: { address: { socket_address: { address: 'filter', port_value: port } } } });
const withPorts =
  (...ports: readonly number[]) =>
  ({ cluster }: Parts): void => {
    cluster['load_assignment'].endpoints = [{ lb_endpoints: ports.map(endpoint) }];
    cluster['transport_socket'] = tlsSocket({ tls_certificates: [{}] });
  };
const tlsSocket = (common_tls_context: Message): Message => ({
  name: 'envoy.transport_sockets.tls',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
    common_tls_context,
  },
});
const through =
  (socket: Message | undefined, over: Message = {}) =>
  (parts: Parts): void => {
    withPorts(9000, 9001)(parts);
    Object.assign(parts.cluster, { transport_socket: socket, ...over });
  };
const PLAIN = { tls: undefined };
const TLS = { tls: { notAfter: '2027-03-01T00:00:00.000Z', clients: 'not checked' } };
const MTLS = { tls: { ...TLS.tls, clients: 'checked' } };

function findingsOf(status: FilterStatus, change: (parts: Parts) => void = withPorts(9000, 9001)) {
  const envoy = { config: configOf(changed('default', change)), cluster: undefined };
  return diagnoseFilter({ status, from: 'http://a:1', envoy, needs: needsOf(BALANCED), policyVersion: 'p1', nowMs: NOW_MS });
}

describe('a filter that runs', () => {
  test('has a row for every way to be in trouble', () => {
    expect(RUNNING_ROWS).toHaveLength(30);
    expect(new Set(RUNNING_ROWS.map(([, , [, check]]) => check)).size).toBe(12);
  });

  test.each(RUNNING_ROWS)('%s: doctor says so, and what to do', (_, status, [severity, check, what], says) => {
    expect(findingsOf(status)).toEqual([
      { severity, check, where: 'filter at http://a:1', set: what, means: expect.stringContaining(says), put: undefined },
    ]);
  });

  test('with nothing wrong is not complained about', () => {
    expect(findingsOf(statusOf())).toEqual([]);
    const alone = statusOf({ workers: undefined, tls: undefined, redis: undefined, endpoints: ['127.0.0.1:7000'] });
    expect(findingsOf(alone)).toEqual([]);
  });

  test.each([
    ['plain text', PLAIN, undefined],
    ['TLS', TLS, tlsSocket({})],
    ['TLS and is shown a certificate that it does not ask for', TLS, tlsSocket({ tls_certificates: [{}] })],
    ['TLS with a certificate of Envoy', MTLS, tlsSocket({ tls_certificate_sds_secret_configs: [{ name: 'own' }] })],
    ['TLS, and Envoy something else', TLS, { name: 'x', typed_config: { '@type': 'type.googleapis.com/x.StartTls' } }],
  ] as const)('speaks %s with an Envoy that does the same', (_, tls, socket) => {
    expect(findingsOf(statusOf(tls), through(socket))).toEqual([]);
  });

  test.each([
    [TLS, undefined, "the filter speaks TLS, Envoy's cluster plain text"],
    [MTLS, tlsSocket({}), "the filter speaks TLS with a certificate of Envoy, Envoy's cluster TLS"],
    [PLAIN, tlsSocket({}), "the filter speaks plain text, Envoy's cluster TLS"],
  ] as const)('and an Envoy that speak differently fail every exchange: %#', (tls, socket, set) => {
    const found = findingsOf(statusOf(tls), through(socket)).map((one) => [one.severity, one.check, one.set]);
    expect(found).toEqual([['danger', 'transport-differs', set]]);
    expect(findingsOf(statusOf({ ...tls, endpoints: ['127.0.0.1:7000'] }), through(socket))).toEqual([]);
    expect(findingsOf(statusOf(tls), through(socket, { transport_socket_matches: [{ name: 'any' }] }))).toEqual([]);
  });

  test('is not complained about for single bodies that could not be read', () => {
    const ofBodies = UNINSPECTABLE_REASONS.filter((reason) => !['body-not-sent', 'process-limit', 'internal-error'].includes(reason));
    expect(ofBodies).toHaveLength(UNINSPECTABLE_REASONS.length - 3);
    const counted = Object.fromEntries(ofBodies.map((reason) => [`request ${reason}`, 3]));
    expect(findingsOf(statusOf({ traffic: { uninspected: counted, lost: { 'inventory refused': 0 } } }))).toEqual([]);
  });

  test.each([
    ['no port of it is in the cluster: something stands between the two', withPorts(80, 443)],
    [
      'the endpoints of the cluster are discovered',
      ({ cluster }: Parts) => {
        delete cluster['load_assignment'];
      },
    ],
  ])('has no worker that is unused where %s', (_, change) => {
    expect(findingsOf(statusOf({ endpoints: ['127.0.0.1:9000', '127.0.0.1:9002'] }), change)).toEqual([]);
  });
});

describe('the status of a filter', () => {
  test('is read as its admin address writes it', () => {
    const written = {
      ...statusOf(),
      schema: 1,
      version: '1.0.0',
      heldBytes: 0,
      traffic: { exchanges: 3, uninspected: {}, lost: { 'a b': 1 } },
    };
    expect(readFilterStatus(JSON.stringify(written))).toEqual(statusOf({ traffic: { uninspected: {}, lost: { 'a b': 1 } } }));
  });

  test.each(['', 'ok', '{}', '[]', 'null', '{"ready": true}'])('is nothing that reads %j', (text) => {
    expect(readFilterStatus(text)).toBeUndefined();
  });
});
