/** Whether the standard `OTEL_*` variables name the service: a name given in code would win over them. */
export function namesService(env: Readonly<Record<string, string | undefined>>): boolean {
  const attributes = env['OTEL_RESOURCE_ATTRIBUTES']?.split(',') ?? [];
  return Boolean(env['OTEL_SERVICE_NAME']) || attributes.some((pair) => pair.trim().startsWith('service.name='));
}
