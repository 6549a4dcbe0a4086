import { type Check, type FilterCheckInput, modeFields, remedyFor, turnsBodiesOn, type UseCheckInput, unread } from '../check.ts';
import type { BodyMode, Direction, DirectionMode, ProcessingMode } from '../ext-proc.ts';
import type { Problem } from '../finding.ts';

const DIRECTIONS = ['request', 'response'] as const satisfies readonly Direction[];

/** What Sluice is made for: requests whole, answers as they stream. */
const RECOMMENDED = {
  request: { headers: true, body: 'BUFFERED', trailers: false },
  response: { headers: true, body: 'FULL_DUPLEX_STREAMED', trailers: true },
} as const satisfies ProcessingMode;

export const bodyModes: Check<UseCheckInput> = (input) => {
  if (turnsBodiesOn(input)) return [];
  return DIRECTIONS.flatMap((direction) => bodyMode(input, direction) ?? []);
};

function bodyMode(input: UseCheckInput, direction: Direction): Problem | undefined {
  const mode = input.use.settings.mode[direction].body;
  const problem = input.place.settings.observability ? observedBody(input, mode) : JUDGED[mode](input, direction);
  if (problem === undefined) return undefined;
  return { set: `${direction}_body_mode: ${mode}`, put: remedyFor(input, better(input, direction)), ...problem };
}

type BodyProblem = Pick<Problem, 'severity' | 'check' | 'means'>;
type BodyCheck = (input: UseCheckInput, direction: Direction) => BodyProblem | undefined;

const JUDGED = {
  NONE: ({ needs }, direction) => ({
    severity: unread(needs),
    check: 'body-not-sent',
    means: `Bodies of ${direction}s are not inspected: whatever stands in them passes.`,
  }),
  STREAMED: ({ needs }, direction) =>
    needs.mode === 'observe' ? undefined : { severity: 'warning', check: 'body-streamed', means: STREAMED[direction] },
  BUFFERED: (_, direction) =>
    direction === 'request'
      ? undefined
      : {
          severity: 'warning',
          check: 'response-buffered',
          means: "An answer is held until its end: streams arrive all at once, and one larger than Envoy's buffer fails.",
        },
  BUFFERED_PARTIAL: partialBody,
  FULL_DUPLEX_STREAMED: () => undefined,
} as const satisfies Record<BodyMode, BodyCheck>;

const STREAMED = {
  request: "The request's headers reach the provider before its body is judged, and a redacted body loses its content-length.",
  response: "The answer's headers leave before its first text is judged: a denied answer keeps its 200 and ends early or breaks off.",
} as const satisfies Record<Direction, string>;

function partialBody({ needs }: UseCheckInput, direction: Direction): BodyProblem {
  const { onLimit } = needs.failMode;
  const isDenied = needs.mode === 'enforce' && onLimit === 'deny' && needs.failMode[direction] === 'closed';
  return {
    severity: isDenied ? 'warning' : unread(needs),
    check: 'body-partial',
    means: isDenied
      ? `A ${direction} larger than Envoy's buffer reaches the filter only in part and is denied, whatever the policy's limits.bodyBytes say.`
      : `Of a ${direction} larger than Envoy's buffer only the beginning is inspected; the rest passes.`,
  };
}

/** In observability mode Envoy sends copies of pieces, or no body. */
function observedBody({ needs }: UseCheckInput, mode: BodyMode): BodyProblem | undefined {
  if (mode === 'STREAMED') return undefined;
  return {
    severity: unread(needs),
    check: 'body-not-sent',
    means: 'With observability_mode Envoy sends bodies in STREAMED mode alone: these are not inspected.',
  };
}

function better(input: UseCheckInput, direction: Direction): Readonly<Record<string, unknown>> {
  const best = input.place.settings.observability ? { ...RECOMMENDED[direction], body: 'STREAMED' as const } : RECOMMENDED[direction];
  return changed(input, direction, best);
}

/** The mode with one direction replaced; all of it, because one in an override replaces the filter's. */
function changed({ use }: UseCheckInput, direction: Direction, best: DirectionMode): Readonly<Record<string, unknown>> {
  return modeFields({ ...use.settings.mode, [direction]: best });
}

export const headersSkipped: Check<UseCheckInput> = (input) =>
  DIRECTIONS.filter((direction) => !input.use.settings.mode[direction].headers).map((direction) => ({
    severity: direction === 'request' && hasRoutes(input) ? unread(input.needs) : 'warning',
    check: 'headers-skipped',
    set: `${direction}_header_mode: SKIP`,
    means: direction === 'request' ? requestUnknown(input) : RESPONSE_UNKNOWN,
    put: remedyFor(input, changed(input, direction, { ...input.use.settings.mode[direction], headers: true })),
  }));

const RESPONSE_UNKNOWN =
  "The answer's type and encoding are unknown, and its headers leave before its first text is judged: no denial has a status.";

function requestUnknown(input: UseCheckInput): string {
  const rows = hasRoutes(input) ? "; the policy's routes match nothing, and the default profile counts" : '';
  return `Path, host and content type are unknown: no dialect is recognised, and answers may come compressed${rows}.`;
}

function hasRoutes({ needs }: UseCheckInput): boolean {
  return needs.routesBy.routeName || needs.routesBy.host || needs.routesBy.path;
}

export const trailersSkipped: Check<UseCheckInput> = (input) =>
  DIRECTIONS.filter((direction) => {
    const { body, trailers } = input.use.settings.mode[direction];
    return body === 'FULL_DUPLEX_STREAMED' && !trailers;
  }).map((direction) => ({
    severity: input.use.overridden ? 'warning' : 'danger',
    check: 'trailers-skipped',
    set: `${direction}_body_mode: FULL_DUPLEX_STREAMED, ${direction}_trailer_mode: SKIP`,
    means: input.use.overridden
      ? 'A body that ends by trailers has no end that the filter sees. Envoy refuses this in the filter itself and does not look at overrides.'
      : 'A body that ends by trailers has no end that the filter sees; Envoy refuses this configuration.',
    put: remedyFor(input, changed(input, direction, { ...input.use.settings.mode[direction], trailers: true })),
  }));

/** Whether any direction waits for whole bodies, by configuration or because the filter turns that on. */
export function buffers(input: UseCheckInput, direction: Direction): boolean {
  const { body } = input.use.settings.mode[direction];
  return body === 'BUFFERED' || body === 'BUFFERED_PARTIAL' || (direction === 'request' && turnsBodiesOn(input));
}

export const upgradesBuffered: Check<UseCheckInput> = (input) => {
  const { use, place } = input;
  const upgrading = use.routes.filter(({ upgrades }) => upgrades ?? place.manager.upgrades);
  const { body } = use.settings.mode.request;
  if (upgrading.length === 0 || (body !== 'BUFFERED' && body !== 'BUFFERED_PARTIAL')) return undefined;
  const duplex = { headers: true, body: 'FULL_DUPLEX_STREAMED', trailers: true } as const;
  return {
    severity: 'warning',
    check: 'upgrades-buffered',
    set: `request_body_mode: ${body} where upgrade_configs let upgrades through`,
    means: 'WebSocket requests hang: Envoy waits for the end of a body that has none. envoy/upgrades.yaml gives them a route of their own.',
    put: remedyFor(input, modeFields({ request: duplex, response: duplex })),
    routes: upgrading.map(({ name }) => name),
  };
};

export const overrideWithoutEffect: Check<FilterCheckInput> = ({ place }) => {
  const { allowModeOverride, mode } = place.settings;
  const isDuplex = DIRECTIONS.some((direction) => mode[direction].body === 'FULL_DUPLEX_STREAMED');
  if (!allowModeOverride || !isDuplex) return undefined;
  return {
    severity: 'note',
    check: 'mode-override',
    set: 'allow_mode_override: true',
    means: 'It has no effect: where FULL_DUPLEX_STREAMED is configured, Envoy takes no other mode from the filter.',
    put: { into: 'ext_proc filter', fields: { allow_mode_override: false } },
  };
};

/** Envoy keeps 64 KiB of a stream for a retry and leaves out what is beyond. */
export const streamRetries: Check<FilterCheckInput> = ({ place }) => {
  const { body } = place.settings.mode.request;
  if (!place.settings.retries || (body !== 'STREAMED' && body !== 'FULL_DUPLEX_STREAMED')) return undefined;
  return {
    severity: 'warning',
    check: 'stream-retries',
    set: `retry_policy where request_body_mode is ${body}`,
    means: 'Of a request that streams Envoy keeps only 64 KiB for another filter: when one fails, bodies arrive with holes in them.',
    put: { into: 'ext_proc filter', fields: { grpc_service: { envoy_grpc: { cluster_name: place.settings.cluster }, timeout: '0s' } } },
  };
};

export const sendBodyWithoutWaiting: Check<FilterCheckInput> = ({ place }) =>
  place.settings.sendBodyWithoutWaiting
    ? {
        severity: 'note',
        check: 'send-body-without-waiting',
        set: 'send_body_without_waiting_for_header_response: true',
        means: 'It counts in STREAMED mode alone, where bodies then reach the filter before it has said what to do with the headers.',
        put: { into: 'ext_proc filter', fields: { send_body_without_waiting_for_header_response: false } },
      }
    : undefined;
