import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Node reads the sources as it does in production. Vite would transform 800 files first, which takes longer than most test files.
    experimental: { viteModuleRunner: false },
  },
});
