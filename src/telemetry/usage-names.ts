import { readEndpoint } from '../agents/permissions/name-list.ts';
import type { UsageList } from '../agents/permissions/usage.ts';
import { remembered } from '../lib/remembered.ts';
import { type Redact, safeHost, safeName, templatePath } from './path-template.ts';

/** Names as usage keeps them: ids in paths are typed; undefined for one that a detector recognises something in, or that is no name. */
export function usageNames(redact: Redact): (list: UsageList, name: string) => string | undefined {
  const endpoint = remembered((name) => ({ fit: endpointName(name, redact) }));
  const asItIs = remembered((name) => ({ fit: name !== '' && safeName(name, redact) === name ? name : undefined }));
  return (list, name) => (list === 'endpoints' ? endpoint(name) : asItIs(name)).fit;
}

function endpointName(name: string, redact: Redact): string | undefined {
  const { method = '', host, path } = readEndpoint(name);
  const isPlain = safeHost(host, redact).address === host && safeName(method, redact) === method;
  return isPlain ? `${method} ${host}${templatePath(path, redact)}` : undefined;
}
