import { createHash } from 'node:crypto';
import { detectorId } from '../detect/detector.ts';
import type { ResolvedPolicy } from './resolved-policy.ts';

/** Twelve hex digits. Two files that mean the same have the same version; comments, order and spelling of sizes do not count. */
export function versionOf({
  mode,
  failMode,
  acceptEncoding,
  limits,
  detectors,
  profiles,
  routes,
  flows,
  toolClasses,
  toolIntegrity,
  exceptions,
  agentDocument,
}: ResolvedPolicy): string {
  const resolved = {
    mode,
    failMode: sorted(failMode),
    acceptEncoding,
    limits: sorted(limits),
    detectors: detectors
      .map((one) => [detectorId(one), String(one.pattern), one.nearby ?? [], one.confidence, one.spans ?? null])
      .sort(byFirst),
    profiles: profiles.map(({ name, settings }) => [name, [...settings].sort(byFirst)]).sort(byFirst),
    routes: routes.map(({ host, path, routeName, profile, dialect }) => [host?.source, path?.source, routeName?.source, profile, dialect]),
    ...(flows.length > 0 ? { flows } : {}),
    ...(Object.keys(toolClasses).length > 0 ? { toolClasses } : {}),
    ...(toolIntegrity === undefined ? {} : { toolIntegrity: sorted(toolIntegrity) }),
    ...(exceptions.length > 0 ? { exceptions: exceptions.map(({ row }) => sorted({ ...row, reason: undefined, by: undefined })) } : {}),
    ...(Object.values(agentDocument).some((part) => part !== undefined) ? { agents: agentDocument } : {}),
  };
  return createHash('sha256').update(JSON.stringify(resolved)).digest('hex').slice(0, 12);
}

function sorted(value: object): unknown[] {
  return Object.entries(value).sort(byFirst);
}

function byFirst(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1;
}
