import { defineConfig } from 'vitest/config';

/** Tests of rooms without module state, clock or environment: files share a process, and what one has loaded and compiled. */
const PURE = 'test/{agents,contract,detect,exchange,lib,policy,property,replay,respond,text,wire}/**/*.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'pure', include: [PURE], isolate: false } },
      { extends: true, test: { name: 'shell', include: ['test/**/*.test.ts'], exclude: [PURE] } },
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Node reads the sources as it does in production. Vite would transform 800 files first, which takes longer than most test files.
    experimental: { viteModuleRunner: false },
  },
});
