import type { Check, FilterCheckInput, UseCheckInput } from '../check.ts';
import { remedyFor } from '../check.ts';

/** The filter is gone, fails or is late: does traffic pass, and does policy want that? */
export const failOpen: Check<UseCheckInput> = (input) => {
  const { mode, failMode } = input.needs;
  const closed = (['request', 'response'] as const).filter((direction) => failMode[direction] === 'closed');
  if (!input.use.settings.failureModeAllow || mode === 'observe' || closed.length === 0) return undefined;
  return {
    severity: 'danger',
    check: 'fail-open',
    set: 'failure_mode_allow: true',
    means: `When the filter is gone, fails or is late, traffic passes uninspected; the policy's failMode is closed for ${closed.join(' and ')}.`,
    put: remedyFor(input, { failure_mode_allow: false }),
  };
};

export const failClosed: Check<UseCheckInput> = (input) => {
  const { mode, failMode } = input.needs;
  const isOpen = mode === 'observe' || (failMode.request === 'open' && failMode.response === 'open');
  if (input.use.settings.failureModeAllow || input.place.settings.observability || !isOpen) return undefined;
  return {
    severity: mode === 'observe' ? 'warning' : 'note',
    check: 'fail-closed',
    set: 'failure_mode_allow: false',
    means: `When the filter is gone, every exchange fails, although the policy ${mode === 'observe' ? 'only observes' : 'fails open'}.`,
    put: remedyFor(input, { failure_mode_allow: true }),
  };
};

export const answersIgnored: Check<FilterCheckInput> = ({ place, needs }) =>
  place.settings.observability && needs.mode === 'enforce'
    ? {
        severity: 'danger',
        check: 'observability-mode',
        set: 'observability_mode: true',
        means: 'Envoy ignores what the filter answers: nothing is redacted and nothing is denied, although the policy enforces.',
        put: { into: 'ext_proc filter', fields: { observability_mode: false } },
      }
    : undefined;

export const denialsRefused: Check<FilterCheckInput> = ({ place, needs }) => {
  const { disableImmediateResponse, failureModeAllow } = place.settings;
  if (!disableImmediateResponse || needs.mode === 'observe') return undefined;
  return {
    severity: failureModeAllow ? 'danger' : 'warning',
    check: 'immediate-response',
    set: 'disable_immediate_response: true',
    means: failureModeAllow
      ? 'Envoy takes a denial for a fault of the filter, and with failure_mode_allow what was denied passes.'
      : "Envoy takes a denial for a fault of the filter: clients get an empty error of Envoy's instead of a denial in the shape of their API.",
    put: { into: 'ext_proc filter', fields: { disable_immediate_response: false } },
  };
};

export const statusOnError: Check<FilterCheckInput> = ({ place }) =>
  place.settings.statusOnError || place.settings.failureModeAllow || place.settings.observability
    ? undefined
    : {
        severity: 'note',
        check: 'status-on-error',
        set: 'status_on_error: absent',
        means: 'When the filter is gone, clients get 500, which many of them do not try again; 503 says that it will pass.',
        put: { into: 'ext_proc filter', fields: { status_on_error: { code: 503 } } },
      };

export const transport: Check<FilterCheckInput> = ({ place }) => {
  const { transport: by } = place.settings;
  if (by === 'envoy_grpc') return undefined;
  if (by === 'google_grpc')
    return {
      severity: 'note',
      check: 'transport',
      set: 'grpc_service.google_grpc',
      means: "The filter is reached without a cluster of Envoy's: its circuit breakers, health checks and counters cannot be checked.",
    };
  return {
    severity: 'danger',
    check: 'transport',
    set: by === 'http_service' ? 'http_service' : 'grpc_service: absent',
    means: 'Sluice speaks gRPC alone: no exchange reaches it.',
    put: { into: 'ext_proc filter', fields: by === 'http_service' ? { http_service: null, ...GRPC } : GRPC },
  };
};

const GRPC = { grpc_service: { envoy_grpc: { cluster_name: 'sluice' }, timeout: '0s' } } as const;
