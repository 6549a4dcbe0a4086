import type { Check, UseCheckInput } from '../check.ts';
import type { Problem } from '../finding.ts';
import { bytes } from '../shown.ts';
import { buffers } from './processing-mode.ts';

/** What Envoy buffers of a body when nothing says more. */
const DEFAULT_BUFFER_BYTES = 1024 * 1024;

export const bufferLimit: Check<UseCheckInput> = (input) => {
  const { place, use, needs } = input;
  if (!buffers(input, 'request') && !buffers(input, 'response')) return [];
  const isSmall = (limit: number) => limit < needs.bodyBytes;
  const ownSmall = use.routes.filter(({ bufferBytes }) => bufferBytes !== undefined && isSmall(bufferBytes));
  const problems: Problem[] = [];
  if (ownSmall.length > 0) {
    const smallest = Math.min(...ownSmall.map(({ bufferBytes }) => bufferBytes!));
    problems.push({
      ...problem(needs.bodyBytes, smallest),
      set: `request_body_buffer_limit: ${smallest}`,
      put: { into: 'route', fields: { request_body_buffer_limit: roomFor(needs.bodyBytes) } },
      routes: ownSmall.map(({ name }) => name),
    });
  }
  const limit = place.bufferBytes ?? DEFAULT_BUFFER_BYTES;
  const counts = use.routes.length === 0 || use.routes.some(({ bufferBytes }) => bufferBytes === undefined);
  if (counts && isSmall(limit))
    problems.push({
      ...problem(needs.bodyBytes, limit),
      set: `per_connection_buffer_limit_bytes: ${place.bufferBytes ?? 'absent'}`,
      put: { into: 'listener', fields: { per_connection_buffer_limit_bytes: roomFor(needs.bodyBytes) } },
    });
  return problems;
};

function problem(bodyBytes: number, limit: number): Pick<Problem, 'severity' | 'check' | 'means'> {
  return {
    severity: 'warning',
    check: 'buffer-limit',
    means: `Envoy answers a bare 413 to bodies over ${bytes(limit)}, long before the policy's own limit of ${bytes(bodyBytes)} and its denial.`,
  };
}

/** The next power of two above the policy's limit, so that its own 413 comes first. */
function roomFor(bodyBytes: number): number {
  return 2 ** (Math.floor(Math.log2(bodyBytes)) + 1);
}
