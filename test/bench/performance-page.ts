import path from 'node:path';
import { conditions, figureTable, stageRows, table } from '../../bench/harness/markdown.ts';
import { type Profile, STAGES, type Stage } from '../../bench/harness/profile.ts';
import { type BenchRecord, type Figure, isMet, newestRecords, type Row } from '../../bench/harness/record.ts';
import { rounded } from '../../bench/harness/statistics.ts';

/** The newest record of each bench, by name. */
type Records = ReadonlyMap<string, BenchRecord>;

const RECORDS = path.join(import.meta.dirname, '../../bench/records');
const TOP = 15;
const ENFORCE = 'Sluice, enforce';

/**
 * What each stage does, and what it may cost of the CPU that a bare `node:http2` echo needs for the same exchange. The limits add up to the
 * goal for the whole.
 */
export const BUDGET = {
  transport: { limit: 1, what: 'HTTP/2 frames, headers and flow control over a socket, gRPC messages (`extproc/http2/`)' },
  reading: { limit: 0.05, what: 'protobuf messages to events and effects back to messages (`extproc/codec.ts`)' },
  exchange: { limit: 0.08, what: 'the state machine, splices and denials (`exchange/`, `respond/`)' },
  lanes: { limit: 0.08, what: 'bytes to frames to texts (`wire/`)' },
  scan: { limit: 0.12, what: 'every rule over every text (`detect/`)' },
  'identity and policy': { limit: 0.06, what: 'who calls, what it may do, how it behaves (`agents/`, `policy/`, `services/`)' },
  telemetry: { limit: 0.05, what: 'counters, the log, spans (`telemetry/`); what builds and sends spans waits for a quiet moment' },
  'garbage collection': { limit: 0.05, what: 'scavenges of what an exchange leaves' },
  other: { limit: 0.01, what: 'the rest' },
} as const satisfies Record<Stage, { readonly limit: number; readonly what: string }>;

/** Content of `docs/performance.md`: prose without numbers of its own, and tables from the newest records. */
export function renderPerformance(records: Records = newestRecords(RECORDS)): string {
  const section = (bench: string, parts: (record: BenchRecord) => readonly string[]): readonly string[] => {
    const record = records.get(bench);
    return record === undefined ? [`No record yet: \`npm run bench -- ${bench}\`.`] : [...parts(record), measuredBy(record)];
  };
  const blocks = [
    INTRO,
    '## Goals',
    goals(records),
    '## One exchange',
    ONE_EXCHANGE,
    ...section('hop', ({ unit, rows }) => [`${unit}.`, table(rows)]),
    '## Where the microseconds go',
    STAGES_SAY,
    ...section('hop', stages),
    '## Callers',
    CALLERS,
    ...section('caller', ({ unit, rows }) => [`${unit}.`, table(rows)]),
    '## The scan',
    SCAN,
    ...section('scan', ({ unit, rows }) => [`${unit}.`, table(rows)]),
    '## Texts made to be slow',
    WORST,
    ...section('worst', ({ unit, rows }) => [`${unit}.`, table(rows.slice(0, TOP))]),
    '## Large bodies',
    LARGE,
    ...section('large', ({ unit, rows }) => [`${unit}.`, table(rows)]),
    '## Answers that stream',
    STREAM,
    ...section('stream', ({ unit, rows, tables = {} }) => [
      `${unit}.`,
      table(rows),
      ...Object.entries(tables).flatMap(([title, more]) => [`${title}:`, table(more)]),
    ]),
    '## The event loop',
    LOOP,
    ...section('loop', ({ unit, rows }) => [`${unit}.`, table(rows)]),
    '## Memory',
    ...section('memory', ({ unit, rows }) => [`${unit}.`, table(rows)]),
    '## What was tried and dropped',
    DROPPED,
    '## How to size a deployment',
    SIZING,
    sizes(records),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const INTRO = `# Performance

Every table here is written from the newest records under \`bench/records\` by \`npm run docs\`; a test compares the two. \`npm run bench -- all\` takes
new records; each holds its machine, versions, seed, blocks and profile, as JSON and as Markdown.

Times are those of the machine under each table, and of whatever else it did. What carries over to another machine are ratios within one
run: arms take turns in short blocks, so that noise hits all of them. Before anything is timed, every arm that enforces has to keep the same
secret from the provider, and every other arm has to let it pass. Texts differ from request to request, so that nothing is measured that only
a cache makes fast. "Enforce" is \`bench/full-policy.yaml\`: every detector, agents with permissions and budgets, flow rules, spans to an
inventory and to an OpenTelemetry backend.`;

const ONE_EXCHANGE = `A chat request of 1 KB and its JSON answer, through Envoy in the default profile (request whole, answer as it streams). Client, Envoy and
provider share a core, the filter has one of its own where the machine has two. The arms that do nothing are the floor: what ext_proc costs
with a given HTTP/2 and gRPC stack whatever the filter does. The peers in Go and Rust are built from the sources that \`SLUICE_BENCH_PEERS\` names.
Latency is measured in open loop, from when a request was due: one rate for all arms, half of what the slowest that does nothing can take.`;

const STAGES_SAY = `From a CPU profile of a filter of its own, under the same load, in a block that is not timed: self time by the file that a function stands
in, times the CPU of an exchange above. Limits are shares of the CPU of the bare \`node:http2\` echo; they add up to the goal for the whole. Between
messages the processor's cache fills with other things: what walks through tables (the scan) takes two to three times as long here as in a
loop of its own.`;

const CALLERS = `What it costs to know who calls, what it may do, how it behaves and what its conversation holds, apart from reading the bodies and without
detectors: an exchange with callers that the policy knows, less the same exchange where it names nobody.`;

const SCAN = `One automaton over all rules reads every character of a whole text once; one that streams is read by a few, each for one kind of rule, so that
less of it is held. They say which rules are worth a closer look; on clean prose that is rare, and the arm with half of the rules shows how
little their number matters. Beside the automata a text is looked through for hidden text and for the words of phrases, and the injection
model looks at those words, to read closely where they may matter: that is most of the time. A phrase is followed only from words that may begin
it, where a key of it and the words beside both fit. The documentation of software (in the table of inputs of the record) has so
many beginnings of commands, addresses and settings that the automaton over all rules would make ever new states of their combinations; for
such texts a few automata with a part of the rules each go on, of which none has many rules that stay alive from word to word. Where a pattern
ends in a text, its check and its context are asked at once: most of such texts turn out to be empty, and are known for that when the
next turn of the conversation brings them again. \`RE2.Set\` answers a smaller question (which patterns match
somewhere), in native code.`;

const WORST = `For each rule a text full of what it finds, of look-alikes, of beginnings and of near-misses; then long runs, and everything mixed. What one may
cost is ten times clean prose for each character, and a little for each finding.`;

const LARGE = `Envoy hands a request of this size over in one message, which comes in many HTTP/2 frames. What counts here is how often its bytes are touched.`;

const STREAM = `Each stream has its own pace. An event that is held waits for the next one, because its last word may be the beginning of something; the times
are what comes on top of that. In the last table an answer comes one character an event: what a character costs must not grow with what
has passed.`;

const LOOP = `A process does one thing at a time; while it reads a large body, other exchanges wait. The table has the longest such wait for bodies of many
kinds, made to be slow or just large. CPU time of the thread is what the filter does itself; the clock also shows what other processes took.`;

/** By the beginning of the figures that it is about. */
export const WHY_MISSED: Readonly<Record<string, string>> = {
  'hop: filter CPU': `- **CPU of an exchange.** Reading every character with every rule is the largest part: the arm without the scan meets the goal. It walks
  through tables which the next message has pushed out of the processor's caches, and so do the spans for two destinations.`,
  'large: ': `- **Large prompts.** A filter that does nothing in Rust passes the bytes on, and an echo over \`node:http2\` takes most of the time that the
  goal for a core leaves for all. Here every character is looked at three times (the automaton over all rules, what may be hidden, words), in
  JavaScript: the scan of clean prose above all is the ceiling, and taking the JSON apart and hashing come on top.`,
  'memory: MB resident, idle': `- **An idle process.** A third of it is Node's own program; the compiled rules, the sources of all modules, the OpenTelemetry SDK and what V8
  has compiled are the rest. Less of the rules at hand would be a first text that waits for them.`,
  'stream: time to the first event': `- **The first event.** Until then a stream has had its caller, its policy, the scan of its request and the opening of its answer, where a
  filter that does nothing has passed two messages on; and the other streams go on meanwhile.`,
  'stream: time of an event': `- **The slowest event of a hundred.** Where a number may become an identity number or a street, two events are held: about one in a
  hundred of this prose. The rest are collections, whose threads share the filter's core here.`,
  'stream: events held': `- **Events held.** Where two short words may both belong to a match, the first waits for the word behind the second.`,
  'worst: ': `- **Texts made to be slow.** Of those that go over, and the record says how many do, most are full of numbers that pass for one kind until their
  check digits are asked, or of findings beside what is nearly one. What they may cost an exchange of somebody else is bounded by slices: the
  longest block of the event loop, above.`,
  'workers: ': `- **Workers.** What is left is the supervisor, which learns how callers behave.`,
};

const DROPPED = `- **RE2 for the scan.** \`RE2.Set\` says that a rule matches, not where, and has no state to carry from one piece of a stream to the next
  ([0001](decisions/0001-three-automata-no-re2.md)). It stays as the reference in the table above.
- **Rules one by one**, as most filters do it: the arm "Go + regexp" shows where that ends.
- **grpc-js as the server.** More work for each message than \`node:http2\` with a small framing layer, and no setting for Envoy's resets. It is
  the arm "grpc-js".
- **\`node:http2\` as the server.** Most of what a bare exchange cost was its own; the filter has an HTTP/2 server over \`node:net\` instead
  ([0017](decisions/0017-http2-over-sockets.md)), and both echoes are arms.
- **Reading everything again with every turn.** Texts that were read and found empty are known by their hash, and a system text's fingerprint
  is made once: the workload "conversation" shows what a growing history costs.
- **Several automata for a whole text,** one after the other or abreast. One over all rules makes about as many states of ordinary text as they
  do together, and reads it once. Texts that ask for ever new states get the several ones back.
- **One loop for all that is asked of a text.** Walking through the automaton, reading what may be hidden and cutting words takes half as long
  again in one loop as in three over units that stay in the nearest cache: there are too few registers for all of it. The walk waits for each
  of its steps, so a long text is walked through in its four quarters at once.
- **Short texts at several places.** A text of a usual request is too short for it: what the walk gains it loses where the places meet.
- **Fewer threads for the collector and the compiler.** With one beside the main thread the first event of an answer waits a fifth as long where the filter has a core to
  itself, but bodies of many megabytes then take up to half as much memory again: the collector falls behind.
- **A smaller young generation.** Memory that stays in the processor's cache would help, but what an exchange needs until it is answered is
  then copied again and again: an exchange costs half as much again. A larger one gains little and takes its room.
- **An allocator that gives back sooner** (\`MALLOC_TRIM_THRESHOLD_\`). An idle filter takes a little less, one that has answered a thousand exchanges the
  same; the bytes of a body of several megabytes cost half as much again to take in.
- **Another way between a worker and its supervisor.** A pair of sockets costs what a bare text over Node's channel does. A worker is
  cheaper where it asks less: it lets requests through by itself while their budgets have ample room
  ([0025](decisions/0025-workers-admit-while-room-is-ample.md)).
- **More features for the injection model.** Runs of three and of five letters beside those of four take nearly twice as long and find no
  more. Counting each as often as it stands there is quicker still, and makes a line of dashes look like an attack.
- **The OpenTelemetry SDK for every exchange.** Spans for the inventory are written by hand
  ([0004](decisions/0004-spans-to-the-inventory-by-hand.md)); the SDK serves your own backend, is loaded only when you name one, and is fed
  after the exchange, a few at a time.
- **Holding less of a stream.** Releasing the last word at once would miss what is split over two events
  ([0005](decisions/0005-what-stays-alive-is-held-a-little-longer.md), [0010](decisions/0010-what-hides-is-looked-for-in-stretches.md)).`;

const SIZING = `- **Cores.** Exchanges a second times the filter's CPU of an exchange, divided by the share of a core you want to use. The queue
  in front of a process grows as its core fills up: leave half of it free. Measure with your own traffic: \`sluice_open_exchanges\` in
  \`/metrics\`, and the process's CPU.
- **Processes.** A filter process uses one core for traffic: \`sluice serve --workers N\` runs several, each at an address of its own, and
  \`sluice init envoy --workers N\` prints their endpoints. Give each a core of its own: processes that share one take the caches from each
  other, and an exchange costs more than in one process (record \`workers\`).
- **Less work.** The selective profile asks for bodies only where the policy has rules; a route without AI traffic costs one small message.
  The arm "scan off" shows what is left when no detector runs.
- **Memory.** What an idle process takes, plus what an open stream takes times the streams that are open at once; \`--process-bytes\` bounds
  what all of them may hold. Leave room for what the load adds.
- **Inventory.** One process takes the spans of many filters; the last row says how many a second.`;

function goals(records: Records): string {
  const rows = [...records.values()].flatMap(({ bench, figures = [] }) => figures.map((figure) => ({ figure, bench })));
  if (rows.length === 0) return 'No record yet: `npm run bench -- all`.';
  const figures = rows.map(({ figure, bench }): Figure => ({ ...figure, what: `${bench}: ${figure.what}` }));
  const missed = figures.filter((figure) => !isMet(figure));
  return [figureTable(figures), ...(missed.length === 0 ? ['All are met.'] : whyMissed(missed, figures.length))].join('\n\n');
}

function whyMissed(missed: readonly Figure[], all: number): readonly string[] {
  const reasons = Object.entries(WHY_MISSED).filter(([part]) => missed.some(({ what }) => what.startsWith(part)));
  return [
    `Missed: ${missed.length} of ${all}. The profile of each record shows where the time goes.`,
    reasons.map(([, why]) => why).join('\n'),
  ];
}

/** The stages of the enforcing arm beside their limits, its busiest functions, and its event loop. */
function stages({ rows, profiles = {} }: BenchRecord): readonly string[] {
  const profile = profiles[ENFORCE];
  const row = rows.find(({ arm }) => arm === ENFORCE);
  if (profile === undefined || row === undefined) return [];
  return [
    table(
      stageRows(profile, Number(row['filter µs'])).map((stage, at) =>
        withLimit(stage, { stage: STAGES[at]!, profile, timesBare: Number(row['× bare']) }),
      ),
    ),
    'The busiest functions:',
    table(profile.top.slice(0, TOP).map(({ function: name, share }) => ({ function: `\`${name}\``, 'share, %': share }))),
    `Event loop in that block: delay p99 ${profile.loop.delayP99Ms} ms, longest ${profile.loop.delayMaxMs} ms; longest collection ` +
      `${profile.loop.gcMaxMs} ms. Heap allocated for an exchange: ${rounded(profile.allocatedBytesEach / 1024, 1)} KiB.`,
  ];
}

interface StageOf {
  readonly stage: Stage;
  readonly profile: Profile;
  /** CPU of the arm as a multiple of the bare echo's. */
  readonly timesBare: number;
}

function withLimit(row: Row, { stage, profile, timesBare }: StageOf): Row {
  const { limit, what } = BUDGET[stage];
  const value = (profile.stages[stage] / 100) * timesBare;
  return { ...row, '× bare': rounded(value), limit, '': value <= limit ? '' : 'over', 'what happens there': what };
}

function measuredBy(record: BenchRecord): string {
  const { bench, date } = record;
  return `[${date}](../bench/records/${date}-${bench}.md):\n\n${conditions(record)}`;
}

/** What the records say of capacity, at half a core. */
function sizes(records: Records): string {
  const [hop, memory, inventory] = ['hop', 'memory', 'inventory'].map((bench) => records.get(bench));
  const micros = Number(hop?.rows.find(({ arm }) => arm === ENFORCE)?.['filter µs']);
  const conversation = Number(hop?.rows.find(({ arm }) => arm === ENFORCE)?.['conversation µs']);
  const figure = (record: BenchRecord | undefined, what: string): number =>
    record?.figures?.find((one) => one.what === what)?.value ?? Number.NaN;
  const rows = [
    { what: 'requests of 1 KB a second, of a core used by half', value: 500_000 / micros },
    { what: 'requests of conversations a second, of a core used by half', value: 500_000 / conversation },
    { what: 'MB of an idle process', value: figure(memory, 'MB resident, idle') },
    { what: 'MB of a thousand open streams', value: figure(memory, 'KB resident of an open stream') / 1.024 },
    {
      what: 'spans a second into an inventory in SQLite',
      value: Number(inventory?.rows.find(({ store }) => store === 'sqlite')?.['spans/s']),
    },
  ].filter(({ value }) => Number.isFinite(value));
  return rows.length === 0
    ? 'No record yet: `npm run bench -- all`.'
    : table(rows.map(({ what, value }) => ({ what, value: Math.round(value) })));
}
