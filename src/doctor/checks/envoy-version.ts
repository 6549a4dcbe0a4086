import type { Check, EnvoyCheckInput } from '../check.ts';

/** The first with FULL_DUPLEX_STREAMED. */
const OLDEST = { major: 1, minor: 34 } as const;

export const envoyVersion: Check<EnvoyCheckInput> = ({ version, needs }) => {
  if (version === undefined || version.major > OLDEST.major) return undefined;
  if (version.major === OLDEST.major && version.minor >= OLDEST.minor) return undefined;
  return {
    severity: needs.mode === 'enforce' ? 'danger' : 'warning',
    check: 'envoy-version',
    set: `Envoy ${version.major}.${version.minor}`,
    means: 'It has no FULL_DUPLEX_STREAMED: no stream can be held until it is judged. Use 1.34 or later, or envoy/legacy.yaml.',
  };
};
