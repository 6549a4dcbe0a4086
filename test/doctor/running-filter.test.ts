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
  };

function findingsOf(status: FilterStatus, change: (parts: Parts) => void = withPorts(9000, 9001)) {
  const envoy = { config: configOf(changed('default', change)), cluster: undefined };
  return diagnoseFilter({ status, from: 'http://a:1', envoy, needs: needsOf(BALANCED), policyVersion: 'p1', nowMs: NOW_MS });
}

describe('a filter that runs', () => {
  test('has a row for every way to be in trouble', () => {
    expect(RUNNING_ROWS).toHaveLength(29);
    expect(new Set(RUNNING_ROWS.map(([, , [, check]]) => check)).size).toBe(11);
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
