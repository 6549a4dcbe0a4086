import { durationMsIn, enumIn, type Fields, fieldsOf, isSet, messageIn, messagesIn, textIn, textsIn } from './fields.ts';

/** Envoy's names, in the order of their numbers. */
export const BODY_MODES = ['NONE', 'STREAMED', 'BUFFERED', 'BUFFERED_PARTIAL', 'FULL_DUPLEX_STREAMED'] as const;
export type BodyMode = (typeof BODY_MODES)[number];

export type Direction = 'request' | 'response';

/** What of one direction goes to the filter. */
export interface DirectionMode {
  readonly headers: boolean;
  readonly body: BodyMode;
  readonly trailers: boolean;
}

export type ProcessingMode = Readonly<Record<Direction, DirectionMode>>;

/** The fields of an ext_proc filter that a route can override. */
export interface RouteSettings {
  readonly failureModeAllow: boolean;
  readonly mode: ProcessingMode;
  readonly requestAttributes: readonly string[];
  /** Undefined: not an `envoy_grpc` service. */
  readonly cluster: string | undefined;
}

/** An ext_proc filter as it is configured. */
export interface ExtProcSettings extends RouteSettings {
  readonly transport: 'envoy_grpc' | 'google_grpc' | 'http_service' | 'none';
  readonly observability: boolean;
  readonly allowModeOverride: boolean;
  /** Empty: any. */
  readonly allowedOverrides: readonly ProcessingMode[];
  readonly disableImmediateResponse: boolean;
  readonly sendBodyWithoutWaiting: boolean;
  /** Undefined: absent; Envoy waits 200 ms. */
  readonly messageTimeoutMs: number | undefined;
  readonly statusOnError: boolean;
  /** Whether Envoy gives a stream that failed to another filter. */
  readonly retries: boolean;
  /** Undefined: absent; Envoy lets the filter change nearly every header. */
  readonly mutationRules: Fields | undefined;
  readonly forwardRules: Fields | undefined;
  /** Filters whose metadata goes to the filter (untyped). */
  readonly forwardedMetadata: readonly string[];
}

/** Reads an `ExternalProcessor` message. */
export function readExtProc(message: Fields): ExtProcSettings {
  return {
    failureModeAllow: isSet(message['failure_mode_allow']),
    mode: readProcessingMode(message['processing_mode']),
    requestAttributes: textsIn(message['request_attributes']),
    cluster: clusterOf(fieldsOf(message['grpc_service'])),
    transport: transportOf(message),
    observability: isSet(message['observability_mode']),
    allowModeOverride: isSet(message['allow_mode_override']),
    allowedOverrides: messagesIn(message['allowed_override_modes']).map(readProcessingMode),
    disableImmediateResponse: isSet(message['disable_immediate_response']),
    sendBodyWithoutWaiting: isSet(message['send_body_without_waiting_for_header_response']),
    messageTimeoutMs: durationMsIn(message['message_timeout']),
    statusOnError: messageIn(message['status_on_error']) !== undefined,
    retries: messageIn(fieldsOf(message['grpc_service'])['retry_policy']) !== undefined,
    mutationRules: messageIn(message['mutation_rules']),
    forwardRules: messageIn(message['forward_rules']),
    forwardedMetadata: textsIn(fieldsOf(fieldsOf(message['metadata_options'])['forwarding_namespaces'])['untyped']),
  };
}

/** What the `overrides` of an `ExtProcPerRoute` say; a field that is absent stays as it was. A processing mode replaces the whole one. */
export function overriddenBy(settings: RouteSettings, overrides: Fields): RouteSettings {
  const service = messageIn(overrides['grpc_service']);
  return {
    failureModeAllow: overrides['failure_mode_allow'] === undefined ? settings.failureModeAllow : isSet(overrides['failure_mode_allow']),
    mode: messageIn(overrides['processing_mode']) === undefined ? settings.mode : readProcessingMode(overrides['processing_mode']),
    requestAttributes:
      textsIn(overrides['request_attributes']).length === 0 ? settings.requestAttributes : textsIn(overrides['request_attributes']),
    cluster: service === undefined ? settings.cluster : clusterOf(service),
  };
}

const HEADER_MODES = ['DEFAULT', 'SEND', 'SKIP'] as const;

function readProcessingMode(value: unknown): ProcessingMode {
  const mode = fieldsOf(value);
  const direction = (name: Direction): DirectionMode => ({
    headers: enumIn(mode[`${name}_header_mode`], HEADER_MODES) !== 'SKIP',
    body: enumIn(mode[`${name}_body_mode`], BODY_MODES) ?? 'NONE',
    trailers: enumIn(mode[`${name}_trailer_mode`], HEADER_MODES) === 'SEND',
  });
  return { request: direction('request'), response: direction('response') };
}

function clusterOf(service: Fields): string | undefined {
  return textIn(fieldsOf(service['envoy_grpc'])['cluster_name']);
}

function transportOf(message: Fields): ExtProcSettings['transport'] {
  const service = fieldsOf(message['grpc_service']);
  if (messageIn(service['envoy_grpc']) !== undefined) return 'envoy_grpc';
  if (messageIn(service['google_grpc']) !== undefined) return 'google_grpc';
  return messageIn(message['http_service']) === undefined ? 'none' : 'http_service';
}
