import { defineConfig } from 'vitest/config';

/**
 * Tests of rooms without module state, clock or environment: files share a process, and what one has loaded and compiled. Those of
 * detection have one each: their automata over all detectors, kept together, would take more than a gigabyte.
 */
const PURE = 'test/{agents,contract,exchange,lib,policy,replay,respond,text,wire}/**/*.test.ts';

/** Services that a machine may lack, or minutes of their own. `npm run test:services` runs these, */
const SERVICES = 'test/{backends/backends,dashboard/browser,deploy/{compose,observability},extproc/h2spec}.test.ts';
/** and these, a minute or two each, with both versions of Envoy, */
const HEAVY = 'test/e2e/{fail-closed,faults,full-speed,large-bodies,record,rolling-restart,scan,workers}.test.ts';
/** and this one with the newer version alone: the older one lets go of slow clients late. */
const SLOW = 'test/e2e/slow-clients.test.ts';
/** Each starts Envoys of its own. */
const ENVOY = 'test/e2e/**/*.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'pure', include: [PURE], isolate: false } },
      { extends: true, test: { name: 'apart', include: ['test/**/*.test.ts'], exclude: [PURE, SERVICES, ENVOY] } },
      { extends: true, test: { name: 'envoy', include: [ENVOY], exclude: [HEAVY, SLOW] } },
      { extends: true, test: { name: 'heavy', include: [HEAVY] } },
      { extends: true, test: { name: 'slow', include: [SLOW] } },
      { extends: true, test: { name: 'services', include: [SERVICES] } },
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Node reads the sources as it does in production. Vite would transform 800 files first, which takes longer than most test files.
    experimental: { viteModuleRunner: false },
  },
});
