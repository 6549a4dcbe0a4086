#!/usr/bin/env node
// OpenTelemetry backends to try Sluice with, each in a folder of its own under .tools/backends; nothing is installed system-wide.
//
//   node setup/backends.js                     what there is, and what is here already
//   node setup/backends.js phoenix mlflow      Python wheels: about a minute and 850 MB each
//   node setup/backends.js jaeger              built from Go modules: minutes, and gigabytes of module cache
//
// `npm run test:services` tries those that are here and names the others.
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { capture, lastLines, SetupError, step, toolsFolder } from './step.js';

/** Path of each backend's program, whether it is there or not. */
export const backendProgram = (name) => path.join(toolsFolder, 'backends', name, BACKENDS[name].program);

const COLLECTOR = '0.155.0';
const LOKI_PUSH = 'github.com/grafana/loki/pkg/push';

/** A wheel is installed into a virtual environment; a module is built in its own folder, where its go.sum and replacements apply. */
const BACKENDS = {
  phoenix: { kind: 'wheel', package: 'arize-phoenix==20.26.1', program: 'bin/phoenix' },
  mlflow: { kind: 'wheel', package: 'mlflow==3.17.2', program: 'bin/mlflow' },
  jaeger: { kind: 'module', module: 'github.com/jaegertracing/jaeger@v1.76.0', command: './cmd/jaeger', program: 'jaeger' },
  loki: {
    kind: 'module',
    module: 'github.com/grafana/loki/v3@v3.7.8',
    command: './cmd/loki',
    program: 'loki',
    // Its go.mod names a folder that its module does not have; this is the same, published.
    replace: `${LOKI_PUSH}=${LOKI_PUSH}@v0.0.0-20250630054201-94c0ba7b0952`,
  },
  collector: { kind: 'collector', program: 'collector' },
};

async function install(name) {
  const program = backendProgram(name);
  if (existsSync(program)) return;
  const folder = path.join(toolsFolder, 'backends', name);
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  await step(`getting ${name}`, () => INSTALL[BACKENDS[name].kind](BACKENDS[name], { partial, folder }));
  if (!existsSync(program)) throw new SetupError(`${name} has no ${BACKENDS[name].program}`, 'see what it printed above');
}

const INSTALL = {
  /** A virtual environment has its own path in its programs, so it is made where it stays; the wheel comes last. */
  async wheel({ package: wheel }, { partial, folder }) {
    rmSync(partial, { recursive: true });
    await done('python3', ['-m', 'venv', folder], 'install Python 3.11 or later with its venv module');
    const pip = path.join(folder, 'bin/pip');
    try {
      await done(pip, ['install', '-q', '--disable-pip-version-check', wheel], 'check that pip reaches its index');
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  },

  async module({ module, command, program, replace }, { partial, folder }) {
    const source = await sourceOf(module);
    const flags = replace === undefined ? [] : await ownModFile(source, { partial, replace });
    await goBuild(source, { flags, output: path.join(partial, program), command });
    renameSync(partial, folder);
  },

  async collector({ program }, { partial, folder }) {
    const components = ['receiver/otlpreceiver', 'exporter/otlpexporter', 'exporter/otlphttpexporter', 'exporter/debugexporter'];
    const modules = [
      ...[...components, 'processor/batchprocessor'].map((name) => `go.opentelemetry.io/collector/${name}`),
      'github.com/open-telemetry/opentelemetry-collector-contrib/exporter/fileexporter',
      'github.com/open-telemetry/opentelemetry-collector-contrib/extension/healthcheckextension',
    ];
    const kind = (name) => modules.filter((module) => module.includes(`/${name}/`)).map((module) => ({ gomod: `${module} v${COLLECTOR}` }));
    const manifest = {
      dist: { name: program, output_path: path.join(partial, 'source') },
      receivers: kind('receiver'),
      exporters: kind('exporter'),
      processors: kind('processor'),
      extensions: kind('extension'),
    };
    writeFileSync(path.join(partial, 'builder.yaml'), JSON.stringify(manifest)); // JSON is YAML
    const env = { GOBIN: partial };
    await done('go', ['install', `go.opentelemetry.io/collector/cmd/builder@v${COLLECTOR}`], GO_NEXT, { env });
    // It tidies up after itself and may fail over a test of a module; the sources are there then.
    await capture(path.join(partial, 'builder'), ['--config', path.join(partial, 'builder.yaml')], { env: { ...process.env, ...GO } });
    await goBuild(path.join(partial, 'source'), { flags: ['-mod=mod'], output: path.join(partial, program), command: '.' });
    rmSync(path.join(partial, 'source'), { recursive: true });
    renameSync(partial, folder);
  },
};

const GO = { GOWORK: 'off' };
const GO_NEXT = 'install Go 1.25 or later, and check that it reaches its module proxy';

async function sourceOf(module) {
  const output = await done('go', ['mod', 'download', '-json', module], GO_NEXT);
  return JSON.parse(output.slice(output.indexOf('{'))).Dir;
}

async function ownModFile(source, { partial, replace }) {
  const modFile = path.join(partial, 'build.mod');
  for (const [from, to] of [
    ['go.mod', modFile],
    ['go.sum', path.join(partial, 'build.sum')],
  ]) {
    cpSync(path.join(source, from), to);
    chmodSync(to, 0o644);
  }
  await done('go', ['mod', 'edit', '-replace', replace, modFile], GO_NEXT);
  return [`-modfile=${modFile}`, '-mod=mod'];
}

const goBuild = (cwd, { flags, output, command }) =>
  done('go', ['build', '-trimpath', '-ldflags=-s -w', ...flags, '-o', output, command], GO_NEXT, { cwd });

/** The output of a program that ends well. */
async function done(file, args, next, { cwd, env } = {}) {
  const { code, output } = await capture(file, args, { cwd, env: { ...process.env, ...GO, ...env } });
  if (code !== 0) throw new SetupError(`${path.basename(file)} ${args[0]} failed:\n${lastLines(output)}`, next);
  return output;
}

async function main(names) {
  const unknown = names.find((name) => !Object.hasOwn(BACKENDS, name));
  if (unknown !== undefined) throw new SetupError(`there is no backend ${unknown}`, `name some of: ${Object.keys(BACKENDS).join(' ')}`);
  for (const name of names) await install(name);
  for (const name of Object.keys(BACKENDS)) process.stdout.write(`${existsSync(backendProgram(name)) ? '✓' : '–'} ${name}\n`);
}

if (import.meta.url === new URL(`file://${process.argv[1]}`).href) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\n${error.message}\n  next: ${error.next}\n`);
    process.exitCode = 1;
  }
}
