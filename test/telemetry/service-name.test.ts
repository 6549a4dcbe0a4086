import { expect, it } from 'vitest';
import { namesService } from '../../src/telemetry/service-name.ts';

const ROWS = [
  ['nothing', {}, false],
  ['the name', { OTEL_SERVICE_NAME: 'edge' }, true],
  ['a name among the attributes', { OTEL_RESOURCE_ATTRIBUTES: 'team=a, service.name=edge' }, true],
  ['a name among the attributes beside an empty one', { OTEL_SERVICE_NAME: '', OTEL_RESOURCE_ATTRIBUTES: 'service.name=edge' }, true],
  ['other attributes', { OTEL_RESOURCE_ATTRIBUTES: 'my.service.name=edge,team=a' }, false],
] as const;

it('has the rows it should have', () => expect(ROWS.length).toBe(5));

it.each(ROWS)('%s: the variables name the service or not', (_what, env, names) => {
  expect(namesService(env)).toBe(names);
});
