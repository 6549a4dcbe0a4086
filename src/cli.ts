import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { INVENTORY_ADDRESS } from './cli/address.ts';
import { ENVOY_PROFILES } from './cli/envoy-config.ts';
import { RECORD_LANES } from './cli/record-lanes.ts';
import { FLAG_NAMES, flagOf, SETTINGS } from './cli/settings.ts';
import { paintFor } from './cli/terminal.ts';
import { VERSION } from './cli/version.ts';
import { AppError, ERRORS, EXIT } from './lib/errors.ts';

/** What `--url` is where an inventory is asked. */
const INVENTORY_URL = `the inventory's address; without it that of the last \`sluice up\`, else http://${INVENTORY_ADDRESS}`;

/** The commands. Each loads what it needs when it runs, so that `--help` and small commands start at once. */
function program(): Command {
  const sluice = new Command('sluice')
    .description('Sees and stops what AI traffic does: an Envoy external-processing filter, its inventory and its tools.')
    .version(VERSION, '-V, --version')
    .option('--no-color', 'no colours, as with NO_COLOR')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(run with --help for the options)')
    .hook('preAction', (command) => {
      if (command.opts()['color'] === false) process.env['NO_COLOR'] = '1';
    });
  addUp(sluice);
  addServe(sluice);
  addInit(sluice);
  addInventory(sluice);
  addFindings(sluice);
  addPolicy(sluice);
  addScan(sluice);
  addReplay(sluice);
  addStop(sluice);
  addAgents(sluice);
  addTools(sluice);
  addDoctor(sluice);
  addConfig(sluice);
  addDemo(sluice);
  // Commander exits by itself on bad usage; thrown instead, it gets our exit code.
  forEachCommand(sluice, (command) => command.exitOverride());
  return sluice;
}

function addUp(sluice: Command): void {
  sluice
    .command('up')
    .description('run everything on this machine: Envoy, filter, inventory and a stand-in provider')
    .option('--upstream <url>', 'send what passes to this provider instead of the stand-in, e.g. https://api.openai.com')
    .option('--policy <file>', "policy file; without one the stand-in bank's own, with --upstream the built-in balanced policy")
    .option('--openapi <file>', 'OpenAPI file of the declared API; every other endpoint shows up as undeclared')
    .option('--port <port>', "the gateway's port; without it 10000, or any free one when that is taken")
    .addOption(new Option('--mode <mode>', "observe or enforce; without it the policy's own").choices(['observe', 'enforce']))
    .addOption(new Option('--profile <profile>', 'body modes of Envoy').choices(ENVOY_PROFILES).default('default'))
    .addOption(new Option('--log-level <level>', "the filter's log level").choices(SETTINGS.logLevel.values))
    .option('--json', 'print one line {"gateway","inventory","admin","pid"} when ready, and nothing else on stdout')
    .option('--story', 'play the bank story before and after, print the inventory and end')
    .option('--stay', 'with --story: go on running afterwards, so that the dashboard shows it')
    .action(async (options) => exit(await (await import('./cli/up.ts')).up(options)));
}

function addServe(sluice: Command): void {
  const command = sluice.command('serve').description('run the filter alone, for an Envoy of yours (see envoy/)');
  addSettings(command)
    .option('--record <folder>', 'write every exchange into this folder, credentials and findings replaced; see `sluice replay`')
    .option('--record-max <size>', 'size of that folder; the oldest recordings go first', '1GiB')
    .option('--record-raw', 'write exchanges as they are, credentials included')
    .action(async (options) => exit(await (await import('./cli/serve.ts')).serve(options)));
}

function addInit(sluice: Command): void {
  sluice
    .command('init')
    .description('print configurations')
    .command('envoy')
    .description('a complete Envoy configuration for your addresses')
    .addOption(new Option('--profile <profile>', 'which bodies Envoy sends, and how').choices(ENVOY_PROFILES).default('default'))
    .option('--listen <address>', 'host:port where clients connect')
    .option('--filter <address>', 'where `sluice serve` listens: host:port or unix:/path')
    .option('--workers <n>', 'as many endpoints as `sluice serve --workers` has, from that address on', '1')
    .option('--filter-ca <file>', "CA on Envoy's machine that signed the filter's certificate (`sluice serve --tls-cert`)")
    .option('--filter-cert <file>', "Envoy's own certificate, for a filter with --tls-client-ca")
    .option('--filter-key <file>', 'its key')
    .option('--upstream <url>', 'the provider, e.g. https://api.openai.com')
    .option('--ca-file <file>', "CA bundle on Envoy's machine for an https provider")
    .option('--admin <address>', "host:port of Envoy's admin address; without it, none")
    .action(async (options) => (await import('./cli/init.ts')).initEnvoy(options));
}

function addInventory(sluice: Command): void {
  const inventory = sluice.command('inventory').description('what the telemetry adds up to: endpoints, models, callers, tools, findings');
  inventory
    .command('serve')
    .description('take OTLP spans and answer questions about them')
    .option('--listen <address>', 'host:port', INVENTORY_ADDRESS)
    .option('--database <where>', 'SQLite file or postgres://…; without it $SLUICE_INVENTORY_DATABASE, else a file in the state folder')
    .option('--openapi <file>', 'OpenAPI file of the declared API; may be given several times', gathered)
    .option('--grpc-port <port>', 'take OTLP/gRPC as well, on this port of the same host')
    .option('--approved <file>', 'YAML file with lists of approved providers, models, tools and servers')
    .option('--tls-cert <file>', 'certificate with its chain (PEM); without one plain text')
    .option('--tls-key <file>', 'key of the certificate (PEM)')
    .option('--tls-client-ca <file>', 'CA (PEM) that must have signed the certificates of clients')
    .option('--webhook <url>', 'address that is told of changes; may be given several times', gathered)
    .addOption(new Option('--webhook-format <format>', 'what it is told').choices(['json', 'slack']).default('json'))
    .option('--webhook-secret-file <file>', 'file with the key that signs what it is told')
    .action(async (options) => exit(await (await import('./cli/inventory.ts')).inventoryServe(options)));
  inventory
    .command('list')
    .description('the endpoints, models and callers seen')
    .option('--url <url>', INVENTORY_URL)
    .option('--json', 'one JSON document')
    .action(async (options) => exit(await (await import('./cli/inventory.ts')).inventoryList(options)));
  inventory
    .command('show')
    .argument('<kind>', 'endpoints, models, providers, callers, agents, people, tools, servers, flows or orphans')
    .argument('<name>', 'name of the row, a part of it that only one has, or its id')
    .description('everything about one row')
    .option('--url <url>', INVENTORY_URL)
    .option('--json', 'one JSON document')
    .action(async (kind, name, options) => exit(await (await import('./cli/inventory-read.ts')).inventoryShow(kind, name, options)));
  inventory
    .command('diff')
    .description('what became different; exit 1 when something did')
    .option('--since <time>', 'a duration back from now (90m, 24h, 7d) or a time (ISO 8601)', '24h')
    .option('--change <kind>', 'only this kind of change, e.g. new or lost-authentication')
    .option('--url <url>', INVENTORY_URL)
    .option('--json', 'one JSON document')
    .action(async (options) => exit(await (await import('./cli/inventory-read.ts')).inventoryDiff(options)));
  inventory
    .command('export')
    .argument('[list]', 'list to export as json or csv: endpoints (default), models, findings, changes …')
    .description('a list as JSON or CSV, findings as SARIF, AI in use as a CycloneDX bill of materials, APIs seen as OpenAPI')
    .addOption(new Option('--format <format>', 'what to write').choices(['json', 'csv', 'sarif', 'ai-bom', 'openapi']).default('json'))
    .option('--since <time>', 'findings and changes: only after this (24h, 7d, ISO 8601)')
    .option('--output <file>', 'file to write; without it standard output')
    .option('--url <url>', INVENTORY_URL)
    .action(async (list, options) => exit(await (await import('./cli/inventory-export.ts')).inventoryExport(list, options)));
}

function addFindings(sluice: Command): void {
  const findings = sluice.command('findings').description('what was found, and which of it is no matter');
  const asks = (command: Command): Command => command.option('--url <url>', INVENTORY_URL).option('--json', 'one JSON document');
  asks(findings.command('list').description('findings, the newest first; without options those that are open; exit 1 when there are any'))
    .option('--all', 'dismissed ones too')
    .option('--detector <id>', 'only of this detector')
    .option('--since <time>', 'only after this (24h, 7d, ISO 8601)')
    .option('--limit <n>', 'at most so many', positive, 50)
    .action(async (options) => exit(await (await import('./cli/findings.ts')).listFindings(options)));
  asks(
    findings
      .command('dismiss')
      .description(
        'a finding and those like it are no matter until a day: prints the row for `exceptions:` of a policy, or the diff to it',
      ),
  )
    .argument('<id>', 'id of the finding, as `sluice findings list` shows it')
    .requiredOption('--until <day>', 'last day on which it holds (UTC), as 2027-03-31')
    .requiredOption('--reason <text>', 'why: a ticket, a sentence')
    .option('--by <name>', 'who decides')
    .option('--scope <parts>', 'what it holds for: any of agent,route,endpoint,lane with commas between; without it all that is known')
    .option('--policy <file>', 'print a diff that adds the row to this file, for `git apply` or `patch -p1`')
    .action(async (id, options) => exit(await (await import('./cli/findings.ts')).dismissFinding(id, options)));
  asks(findings.command('dismissed').description('the dismissals that stand, as rows for `exceptions:`')).action(async (options) =>
    exit(await (await import('./cli/findings.ts')).listDismissals(options)),
  );
  asks(findings.command('reopen').description('take a dismissal back; a row in a policy stays until it is removed there'))
    .argument('<id>', 'id of the dismissal, as `sluice findings dismissed --json` shows it')
    .action(async (id, options) => exit(await (await import('./cli/findings.ts')).reopenFindings(id, options)));
}

/** Values of an option that may be given several times. */
const gathered = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function addPolicy(sluice: Command): void {
  sluice
    .command('policy')
    .description('work on policy files')
    .command('lint')
    .argument('<file>')
    .description('check a policy file, its patterns and its examples; exit 3 when it is wrong, 1 when it has warnings alone')
    .action(async (file) => exit((await import('./cli/policy.ts')).policyLint(file)));
}

function addScan(sluice: Command): void {
  sluice
    .command('scan')
    .description('run the detectors on a text, on JSONL records or on recorded bodies, without Envoy; exit 1 when a text has findings')
    .argument('[file]', 'file to read; without one, standard input')
    .option('--jsonl', 'read one record a line, {"id","text","lane"}, and write one verdict a line')
    .option('--wire', 'with --jsonl: records are bodies, {"id","bodyBase64","contentType","contentEncoding","direction","path","dialect"}')
    .option('--pieces <n>', 'feed text or body through the streaming path in pieces of n (UTF-16 units or bytes)', positive)
    .option('--policy <file>', 'policy file; without one the built-in balanced policy, enforcing')
    .addOption(new Option('--mode <mode>', "observe or enforce; without it the policy's own").choices(['observe', 'enforce']))
    .addOption(new Option('--lane <lane>', 'lane of a text').choices(RECORD_LANES).default('user'))
    .action(async (file, options) => exit(await (await import('./cli/scan.ts')).scan(file, options)));
}

function addReplay(sluice: Command): void {
  sluice
    .command('replay')
    .description('feed recorded exchanges (`sluice serve --record`) through the filter again and compare; exit 1 when one is different')
    .argument('<file...>', 'recordings, folders of them, or - for standard input')
    .option('--policy <file>', 'policy file; without one the built-in balanced policy')
    .addOption(new Option('--mode <mode>', "observe or enforce; without it the policy's own").choices(['observe', 'enforce']))
    .option('--show-text', 'show the lines of bodies that differ; without it only their sizes and places')
    .option('--json', 'one JSON document for each exchange, one a line')
    .action(async (files, options) => exit(await (await import('./cli/replay.ts')).replay(files, options)));
}

function addStop(sluice: Command): void {
  sluice
    .command('stop')
    .description('the kill switch: end what an agent, a session, a person or everybody does, now and until it is resumed')
    .argument('[what]', 'agent, session, person or all')
    .argument('[name]', "the agent's name in the policy, or the hash of a session or person as findings show it")
    .option('--for <time>', 'end by itself after 30m, 1h or 7d')
    .option('--reason <text>', 'why, which has to be said; kept with the order')
    .option('--plain', 'the session or person is given as it is, and hashed here')
    .option('--admin <url>', "by way of a filter's admin address, e.g. http://127.0.0.1:9001")
    .option('--token-file <file>', 'file with the token for it')
    .option('--list', 'show what is stopped')
    .option('--json', 'one JSON document')
    .action(async (what, name, options) => {
      const commands = await import('./cli/stop.ts');
      exit(options.list || what === undefined ? commands.listStops(options) : await commands.stop(what, name, options));
    });
  sluice
    .command('resume')
    .description('take a stop back')
    .argument('<what>', 'agent, session, person or all')
    .argument('[name]', 'as it was stopped')
    .option('--admin <url>', "by way of a filter's admin address, e.g. http://127.0.0.1:9001")
    .option('--token-file <file>', 'file with the token for it')
    .option('--reason <text>', 'why; written down')
    .option('--plain', 'the session or person is given as it is, and hashed here')
    .option('--json', 'one JSON document')
    .action(async (what, name, options) => exit(await (await import('./cli/stop.ts')).resume(what, name, options)));
}

function addAgents(sluice: Command): void {
  const agents = sluice.command('agents').description('what agents are granted, and what of that they used');
  const one = (name: string, description: string): Command =>
    agents
      .command(name)
      .description(description)
      .option('--policy <file>', 'policy file; without one, as `sluice serve` would find it here')
      .option('--since <time>', 'only what was used within this time, e.g. 30d')
      .option('--json', 'one JSON document');
  one('list', 'every agent of the policy, and those that were only seen').action(async (options) =>
    exit((await import('./cli/agents.ts')).listAgents(options)),
  );
  one('explain', 'what an agent may do, what of that it did, and when')
    .argument('<name>', "the agent's name in the policy")
    .action(async (name, options) => exit((await import('./cli/agents.ts')).explainAgentNamed(name, options)));
  one('tighten', 'the smallest row that would have allowed what it did, as a diff to review; exit 1 when it is another one')
    .argument('<name>', "the agent's name in the policy")
    .action(async (name, options) => exit((await import('./cli/agents.ts')).tightenAgent(name, options)));
}

function addTools(sluice: Command): void {
  const tools = sluice.command('tools').description('the tools that were seen, and which of their definitions are approved');
  const one = (name: string, description: string): Command =>
    tools
      .command(name)
      .description(description)
      .argument('<name>', 'name of the tool; with * for several')
      .option('--server <server>', 'of this server, as `sluice tools list` shows it')
      .option('--json', 'one JSON document');
  tools
    .command('list')
    .description('every tool with its server, and whether it is what was approved')
    .option('--server <server>', 'of this server')
    .option('--json', 'one JSON document')
    .action(async (options) => exit((await import('./cli/tools.ts')).listTools(options)));
  one('approve', 'take the definition that you have read for good')
    .option('--fingerprint <digits>', 'of that definition, as `sluice tools list` shows it; several after commas')
    .option('--reason <text>', 'why, which has to be said; kept with the approval')
    .action(async (name, options) => exit((await import('./cli/tools.ts')).approveTools(name, options)));
  one('revoke', 'take an approval back')
    .option('--reason <text>', 'why; written down')
    .action(async (name, options) => exit((await import('./cli/tools.ts')).revokeTools(name, options)));
  one('diff', 'what is different from the approved definition, or from the first one; exit 1 when something is').action(
    async (name, options) => exit((await import('./cli/tools.ts')).diffTools(name, options)),
  );
}

function addDoctor(sluice: Command): void {
  sluice
    .command('doctor')
    .description("check a running Envoy's configuration against the policy, and a running filter; exit 1 when something is dangerous")
    .option('--envoy <url>', "Envoy's admin address, e.g. http://127.0.0.1:9901; without it that of the `sluice up` that runs")
    .option('--config-dump <file>', "Envoy's config_dump (JSON) or a bootstrap (YAML) instead; - for standard input")
    .option(
      '--cluster <name>',
      'cluster through which Envoy reaches Sluice; without it the one called after Sluice, else every ext_proc filter',
    )
    .option('--admin <url>', "a filter's admin address, e.g. http://127.0.0.1:9001: what it lost and is in trouble with")
    .option('--policy <file>', 'policy file; without one the built-in balanced policy')
    .addOption(new Option('--mode <mode>', "observe or enforce; without it the policy's own").choices(['observe', 'enforce']))
    .option('--json', 'one JSON document, {"version":1,"findings":[…]}')
    .action(async (options) => exit(await (await import('./cli/doctor.ts')).doctor(options)));
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

function addConfig(sluice: Command): void {
  const show = sluice.command('config').description('settings').command('show').description('every setting with its value and its origin');
  addSettings(show)
    .option('--json', 'one JSON document')
    .action(async (options) => (await import('./cli/config-show.ts')).configShow(options));
}

function addDemo(sluice: Command): void {
  sluice
    .command('demo')
    .description('parts of the trial')
    .command('provider')
    .description('the stand-in provider alone; prints its URL')
    .option('--listen <address>', 'host:port; port 0 takes any free one', '127.0.0.1:0')
    .option('--token-ms <ms>', 'pause between two streamed tokens', '5')
    .action(async (options) => exit(await (await import('./cli/demo.ts')).demoProvider(options)));
}

function addSettings(command: Command): Command {
  for (const name of FLAG_NAMES) command.option(`--${flagOf(name)} <value>`, SETTINGS[name].summary);
  return command;
}

function forEachCommand(command: Command, change: (command: Command) => void): void {
  change(command);
  for (const child of command.commands) forEachCommand(child, change);
}

function exit(code: number): void {
  process.exitCode = code;
}

/** Prints an error with its next step and returns the exit code. */
function report(error: unknown): number {
  const paint = paintFor(process.stderr);
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof AppError) {
    process.stderr.write(`${paint('red', 'error')} ${error.message}\n  next: ${error.next}  [${error.code}]\n`);
    return error.exitCode;
  }
  process.stderr.write(
    `${paint('red', 'error')} ${error instanceof Error ? error.stack : String(error)}\n  next: ${ERRORS.internal.next}  [internal]\n`,
  );
  return EXIT.internal;
}

// `sluice inventory list | head` closes the pipe early; that is the reader's right, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
});

try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
