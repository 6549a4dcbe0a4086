import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { resourceOf } from '../../../src/cli/workers/fork-worker.ts';

const HOST = encodeURIComponent(hostname());

test.each([
  ['by the host', {}, `service.instance.id=${HOST}-1`],
  ['beside other attributes', { OTEL_RESOURCE_ATTRIBUTES: 'team=edge, a=b,' }, `team=edge, a=b,service.instance.id=${HOST}-1`],
  [
    'by the instance that is configured',
    { OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=edge,team=x' },
    'team=x,service.instance.id=edge-1',
  ],
])('telemetry of a worker is told apart %s and its number', (_, environment, expected) => {
  expect(resourceOf(environment, 1)).toEqual({ OTEL_RESOURCE_ATTRIBUTES: expected });
});
