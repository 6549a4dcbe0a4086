/** Whether an exchange without findings goes to the user's backend. `parentSampled` is undefined without a `traceparent`. */
export type Sample = (traceId: string, parentSampled: boolean | undefined) => boolean;

/**
 * The standard `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`, default `parentbased_always_on`: the client's flag decides, and
 * without one everything is sampled. An unknown name counts as the default. Decided here and not by the SDK: exchanges with findings are
 * exported whatever the sampler says, and a span nobody wants is never built.
 */
export function samplerFrom(env: Readonly<Record<string, string | undefined>>): Sample {
  const ratio = byRatio(env['OTEL_TRACES_SAMPLER_ARG']);
  switch (env['OTEL_TRACES_SAMPLER']?.trim()) {
    case 'always_on':
      return () => true;
    case 'always_off':
      return () => false;
    case 'traceidratio':
      return ratio;
    case 'parentbased_always_off':
      return (_traceId, parentSampled) => parentSampled ?? false;
    case 'parentbased_traceidratio':
      return (traceId, parentSampled) => parentSampled ?? ratio(traceId);
    default:
      return (_traceId, parentSampled) => parentSampled ?? true;
  }
}

/** The low 56 bits of a trace id are random (W3C Trace Context level 2); 32 of them decide. A ratio outside 0–1 counts as 1. */
function byRatio(argument: string | undefined): (traceId: string) => boolean {
  const given = Number(argument ?? 1);
  const ratio = given >= 0 && given <= 1 ? given : 1;
  return (traceId) => Number.parseInt(traceId.slice(-8), 16) < ratio * 2 ** 32;
}
