#!/usr/bin/env node
// h2spec, which plays 146 cases of HTTP/2 against a server: built with Go into .tools/h2spec. Needs Go and its module proxy.
//
//   node setup/h2spec.js
//
// `npm run test:services` runs it against the filter when it is here, and says so when it is not.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { capture, lastLines, SetupError, step, toolsFolder } from './step.js';

const VERSION = 'v2.2.1+incompatible';

const folder = path.join(toolsFolder, 'h2spec');

try {
  if (!existsSync(path.join(folder, 'h2spec'))) await step('building h2spec', build);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`\n${error.message}\n  next: ${error.next}\n`);
  process.exitCode = 1;
}

async function build() {
  const modules = mkdtempSync(path.join(tmpdir(), 'sluice-h2spec-'));
  const env = { ...process.env, GOBIN: folder, GOPATH: modules, GOFLAGS: '-modcacherw', GOWORK: 'off' };
  try {
    const { code, output } = await capture('go', ['install', `github.com/summerwind/h2spec/cmd/h2spec@${VERSION}`], { env });
    if (code !== 0)
      throw new SetupError(`go install failed:\n${lastLines(output)}`, 'install Go, and check that it reaches its module proxy');
  } finally {
    rmSync(modules, { recursive: true, force: true });
  }
}
