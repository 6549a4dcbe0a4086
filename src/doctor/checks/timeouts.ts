import { type Check, type FilterCheckInput, turnsBodiesOn } from '../check.ts';
import type { Problem } from '../finding.ts';
import { DEFAULT_ROUTE_TIMEOUT_MS, type Route } from '../routes.ts';
import { seconds } from '../shown.ts';

/** Without `message_timeout` Envoy waits this long. */
const DEFAULT_MESSAGE_TIMEOUT_MS = 200;
/** A body of some MiB and a pause for garbage collection fit in. */
const MESSAGE_TIMEOUT_MIN_MS = 1_000;
const MESSAGE_TIMEOUT_MAX_MS = 30_000;
/** Reasoning models are silent for minutes before their first token. */
const IDLE_MIN_MS = 60_000;
/** A route timeout from here on cuts only the rarest answer. */
const LONG_ROUTE_TIMEOUT_MS = 600_000;

const MESSAGE_TIMEOUT = { into: 'ext_proc filter', fields: { message_timeout: '5s' } } as const;

export const messageTimeout: Check<FilterCheckInput> = ({ place }) => {
  if (place.settings.observability || !waitsForAnswers(place)) return undefined;
  const { messageTimeoutMs } = place.settings;
  const set = `message_timeout: ${messageTimeoutMs === undefined ? 'absent' : seconds(messageTimeoutMs)}`;
  const problem = messageTimeoutProblem(messageTimeoutMs);
  return problem && { check: 'message-timeout', set, put: MESSAGE_TIMEOUT, ...problem };
};

/** In FULL_DUPLEX_STREAMED no timer runs; the filter watches those directions itself. */
function waitsForAnswers(place: FilterCheckInput['place']): boolean {
  return place.uses.some(
    (use) =>
      turnsBodiesOn({ place, use }) ||
      use.settings.mode.request.body !== 'FULL_DUPLEX_STREAMED' ||
      use.settings.mode.response.body !== 'FULL_DUPLEX_STREAMED',
  );
}

function messageTimeoutProblem(timeoutMs: number | undefined): Pick<Problem, 'severity' | 'means'> | undefined {
  if (timeoutMs === 0) return { severity: 'danger', means: 'The timer runs out at once: every exchange fails with 504.' };
  const effectiveMs = timeoutMs ?? DEFAULT_MESSAGE_TIMEOUT_MS;
  if (effectiveMs < MESSAGE_TIMEOUT_MIN_MS)
    return {
      severity: 'warning',
      means: `After ${seconds(effectiveMs)} without an answer an exchange fails with 504: a large body or a busy machine is enough.`,
    };
  if (effectiveMs <= MESSAGE_TIMEOUT_MAX_MS) return undefined;
  return {
    severity: 'warning',
    means: `A filter that hangs holds every exchange for ${seconds(effectiveMs)} before the client hears of it.`,
  };
}

export const routeTimeouts: Check<FilterCheckInput> = ({ place }) => {
  const byTimeout = Map.groupBy(
    (place.routes ?? []).filter(({ timeoutMs }) => timeoutMs > 0),
    ({ timeoutMs }) => timeoutMs,
  );
  return [...byTimeout].map(([timeoutMs, routes]) => ({
    severity: timeoutMs < LONG_ROUTE_TIMEOUT_MS ? 'warning' : 'note',
    check: 'route-timeout',
    set: timeoutMs === DEFAULT_ROUTE_TIMEOUT_MS ? 'timeout: absent or 15s' : `timeout: ${seconds(timeoutMs)}`,
    means: `Answers are cut off after ${seconds(timeoutMs)}, streams that still run included.`,
    put: { into: 'route', fields: { route: { timeout: '0s' } } },
    routes: names(routes),
  }));
};

export const idleTimeout: Check<FilterCheckInput> = ({ place }) => {
  const { streamIdleTimeoutMs } = place.manager;
  const problem = idleProblem(streamIdleTimeoutMs);
  if (problem === undefined) return undefined;
  return {
    check: 'stream-idle-timeout',
    set: `stream_idle_timeout: ${streamIdleTimeoutMs === undefined ? 'absent' : seconds(streamIdleTimeoutMs)}`,
    put: { into: 'connection manager', fields: { stream_idle_timeout: '300s' } },
    ...problem,
  };
};

function idleProblem(timeoutMs: number | undefined): Pick<Problem, 'severity' | 'means'> | undefined {
  if (timeoutMs === undefined)
    return { severity: 'note', means: "Envoy's default of 5 minutes ends exchanges in which nothing moves; write it down to rely on it." };
  if (timeoutMs === 0) return { severity: 'warning', means: NEVER_ENDS };
  if (timeoutMs >= IDLE_MIN_MS) return undefined;
  return { severity: 'warning', means: `A model that is silent for ${seconds(timeoutMs)} before or within its answer is cut off.` };
}

const NEVER_ENDS = 'Nothing ends an exchange in which nothing moves: with a filter that hangs in FULL_DUPLEX_STREAMED it stays for ever.';

export const routeIdleTimeouts: Check<FilterCheckInput> = ({ place }) => {
  const endless = (place.routes ?? []).filter(({ idleTimeoutMs }) => idleTimeoutMs === 0);
  if (endless.length === 0) return undefined;
  return {
    severity: 'warning',
    check: 'stream-idle-timeout',
    set: 'idle_timeout: 0s',
    means: NEVER_ENDS,
    put: { into: 'route', fields: { route: { idle_timeout: '300s' } } },
    routes: names(endless),
  };
};

function names(routes: readonly Route[]): readonly string[] {
  return routes.map(({ name }) => name);
}
