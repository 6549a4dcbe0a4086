/**
 * Parts of the OpenTelemetry SDK (0.301, 3.1) that it keeps to itself. Whoever asks has to do without where they are not in the place we
 * know.
 */

/** A field of an object; undefined for everything else. */
export const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** The API's provider is a proxy; the SDK's, behind it, can flush. */
export const delegateOf = (provider: unknown): unknown => {
  const get = fieldOf(provider, 'getDelegate');
  return typeof get === 'function' ? get.call(provider) : provider;
};

export const isFlushable = (provider: unknown): provider is { forceFlush(): Promise<void> } => hasMethod(provider, 'forceFlush');

export const hasMethod = (value: unknown, name: string): boolean => typeof fieldOf(value, name) === 'function';

/** Processors of a provider of spans. */
export function spanProcessorsOf(provider: unknown): readonly unknown[] {
  const processors = fieldOf(fieldOf(delegateOf(provider), '_activeSpanProcessor'), '_spanProcessors');
  return Array.isArray(processors) ? processors : [];
}
