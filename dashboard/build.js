// Bundles the web page into dashboard/built/, which `sluice inventory serve` serves. setup/dashboard.js names another
// folder, so that nobody meets half a bundle.
import path from 'node:path';
import { build } from 'vite';

await build({
  configFile: false,
  root: import.meta.dirname,
  base: './',
  logLevel: 'warn',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: path.resolve(import.meta.dirname, process.argv[2] ?? 'built'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // a data: address would need more in the content security policy
    modulePreload: false,
    cssCodeSplit: false,
  },
});
