/** A named test: where it stands and its name as written there. */
interface ConformanceTest {
  readonly file: string;
  readonly name: string;
}

/** One thing a filter owes Envoy, and the tests that hold ours to it. */
export interface ConformanceRow {
  /** Stable: other documents may point at it. */
  readonly id: string;
  readonly says: string;
  readonly tests: readonly ConformanceTest[];
}

/** What a test plays against, by its folder or file. Real ones run with both versions: `npm run test:services` has the older one. */
const AGAINST: readonly (readonly [prefix: string, against: string])[] = [
  ['test/exchange/', 'machine'],
  ['test/property/conversations', 'machine and codec'],
  ['test/property/frames', 'machine, scripted client'],
  ['test/property/', 'machine'],
  ['test/extproc/server', 'scripted client'],
  ['test/extproc/real-envoy', 'Envoy 1.40, Envoy 1.36'],
  ['test/extproc/', 'codec'],
  ['test/e2e/', 'Envoy 1.40, Envoy 1.36'],
];

/** docs/conformance.md, from the rows below. */
export function renderConformance(): string {
  const groups = Object.entries(CONFORMANCE).map(([group, rows]) => `## ${group}\n\n${table(rows)}\n`);
  return `${INTRODUCTION}\n${groups.join('\n')}`;
}

const INTRODUCTION = `# What a filter owes Envoy

Made by \`npm run docs\` from \`test/conformance.ts\`; a test compares the two and looks for every test named here. "Machine" is the exchange
as a pure state machine, "codec" the protobuf in front of it, "scripted client" a gRPC client that plays Envoy.
`;

function table(rows: readonly ConformanceRow[]): string {
  const lines = rows.map(({ id, says, tests }) => {
    const names = tests.map(({ name, file }) => `${escapeCell(name)} (\`${file}\`)`).join('<br>');
    const against = [...new Set(tests.flatMap(({ file }) => againstOf(file).split(', ')))].join(', ');
    return `| ${id} | ${says} | ${names} | ${against} |`;
  });
  return ['| id | rule | tests | against |', '|---|---|---|---|', ...lines].join('\n');
}

function againstOf(file: string): string {
  const found = AGAINST.find(([prefix]) => file.startsWith(prefix));
  if (found === undefined) throw new Error(`nothing is said of what ${file} plays against`);
  return found[1];
}

const escapeCell = (text: string): string => text.replaceAll('|', '\\|');

const testsIn =
  (file: string) =>
  (name: string): ConformanceTest => ({ file, name });
const machine = testsIn('test/exchange/machine.test.ts');
const modes = testsIn('test/exchange/modes.test.ts');
const obstacles = testsIn('test/exchange/obstacles.test.ts');
const edges = testsIn('test/exchange/edges.test.ts');
const server = testsIn('test/extproc/server.test.ts');
const codec = testsIn('test/extproc/codec.test.ts');
const reader = testsIn('test/extproc/protobuf-reader.test.ts');
const realEnvoy = testsIn('test/extproc/real-envoy.test.ts');
const profiles = testsIn('test/e2e/profiles.test.ts');
const badInput = testsIn('test/e2e/bad-input.test.ts');
const conversations = testsIn('test/property/conversations.test.ts');
const frames = testsIn('test/property/frames.test.ts');
const streaming = testsIn('test/property/streaming-exactness.test.ts');
const RANDOM = conversations('random ones: every answer is legal, nothing stays open, no secret passes');

export const CONFORMANCE: Readonly<Record<string, readonly ConformanceRow[]>> = {
  Lifecycle: [
    {
      id: 'lifecycle-modes',
      says: 'Body modes come from the first message, for each direction',
      tests: [codec('the first message opens the exchange and then says its own event'), profiles('redacts a streamed answer')],
    },
    {
      id: 'lifecycle-no-modes',
      says: 'Without modes, or with unknown ones, the default holds, never full duplex',
      tests: [codec('modes are unknown without protocol_config, and with a mode from the future'), RANDOM],
    },
    {
      id: 'lifecycle-half-close',
      says: 'A half-close after the last answer ends with OK',
      tests: [server('every message is answered in order and half-close ends it with OK')],
    },
    {
      id: 'lifecycle-no-early-ok',
      says: 'A half-close while anything is undecided never ends with OK',
      tests: [
        server('half-close while %s waits for an answer is not OK'),
        machine('a half-close while a body is undecided is an error, never a clean close'),
        RANDOM,
      ],
    },
    {
      id: 'lifecycle-reset',
      says: 'A reset at any moment frees the exchange, and nothing more is written',
      tests: [
        server('a reset (%s) cancels the exchange and frees it'),
        server('2,000 quick exchanges, each reset after its last answer, all succeed on one connection'),
        RANDOM,
      ],
    },
    {
      id: 'lifecycle-throw',
      says: 'A bug of ours ends its exchange with an error, never OK, never silence',
      tests: [
        server('a throw in step ends it with INTERNAL, is reported, and the next exchange works'),
        realEnvoy('an exchange that throws at the request breaks it: the client gets 503 and nothing of the answer'),
        realEnvoy('an exchange that throws inside a streamed answer breaks the stream off'),
      ],
    },
    {
      id: 'lifecycle-drain',
      says: 'A server that is told to end drains, and at the deadline says UNAVAILABLE',
      tests: [
        server('open exchanges finish and end with OK; the server then refuses connections'),
        server('at the deadline what is still open ends with UNAVAILABLE and leaves its record'),
      ],
    },
    {
      id: 'lifecycle-silence',
      says: 'Silence of Envoy, where nothing is due, is no reason to end',
      tests: [server('an exchange that waits for Envoy is left alone by the watchdog')],
    },
    {
      id: 'lifecycle-thousand',
      says: '1,000 exchanges at once on one connection do not mix',
      tests: [server('1,000 exchanges at once on one connection do not mix')],
    },
  ],
  Headers: [
    {
      id: 'headers-bodiless-request',
      says: 'Request headers that end the request get one answer',
      tests: [machine('answers %s once and is done'), realEnvoy('a HEAD request is answered')],
    },
    {
      id: 'headers-deny',
      says: 'A denial is one immediate response, then silence',
      tests: [
        server('after a denial nothing is answered, and half-close ends it with OK'),
        obstacles('is denied when it has no body at all'),
        realEnvoy('a denial of the request reaches the client with its headers and body'),
      ],
    },
    {
      id: 'headers-several-values',
      says: 'Several headers of one name keep their order',
      tests: [reader('keeps the order and number of headers with one name, and lowers names')],
    },
    { id: 'headers-protected', says: 'No answer changes host, a pseudo-header or a header of Envoy', tests: [RANDOM] },
    { id: 'headers-clean-values', says: 'No answer carries a line break or NUL in a header', tests: [RANDOM] },
    {
      id: 'headers-not-utf8',
      says: 'Header bytes that are not UTF-8 are read without an exception',
      tests: [reader('replaces header bytes that are not UTF-8')],
    },
    {
      id: 'headers-value-field',
      says: 'The older field of a header value is read as well',
      tests: [reader('gives what protobufjs gives, for generated messages')],
    },
    {
      id: 'headers-upgrade',
      says: 'An upgrade is answered at once',
      tests: [
        modes('the headers are answered at once, and bytes pass both ways as they come, counted as opaque'),
        profiles('is opened, carries bytes both ways as they are and is counted as opaque'),
      ],
    },
    {
      id: 'headers-nothing-else',
      says: 'An answer carries nothing but its answer: no metadata of other filters',
      tests: [codec('protobufjs reads what was meant, for generated effects')],
    },
  ],
  'BUFFERED and BUFFERED_PARTIAL': [
    {
      id: 'buffered-clean',
      says: 'A clean body is answered without a change and keeps its length',
      tests: [machine('lets a clean exchange through byte for byte'), realEnvoy('keep their content-length')],
    },
    {
      id: 'buffered-trailers',
      says: 'A body that trailers follow is judged once',
      tests: [machine('judges the body once when trailers follow it')],
    },
    {
      id: 'buffered-changed',
      says: 'A changed body leaves with its new length',
      tests: [
        machine('redacts a request in place and keeps its content-length true'),
        realEnvoy('are replaced together with their content-length'),
      ],
    },
    { id: 'buffered-empty', says: 'An empty body gets its answer', tests: [edges('is answered like any other')] },
    {
      id: 'buffered-denied',
      says: 'A denied body is an immediate response, in either direction',
      tests: [
        machine('denies an injected request with the error its client understands'),
        modes('are denied with a real status: their headers wait for the body'),
        profiles('denies an injection before the provider gets it'),
      ],
    },
    {
      id: 'buffered-partial',
      says: 'The beginning of a body that was cut off meets the policy for limits',
      tests: [modes('the beginning of a larger one is over the limit: refused, or passed and counted where policy says so')],
    },
    {
      id: 'buffered-sizes',
      says: '1 MiB, 4 MiB and a byte, the limit, a byte more: one answer each',
      tests: [edges('%s gets its one answer'), badInput("a body over Envoy's own buffer gets a 413, and the provider nothing")],
    },
    {
      id: 'buffered-invalid',
      says: 'A body that cannot be read meets policy, with one answer',
      tests: [machine('%s is denied by default, counted with its reason'), badInput("$name is denied in the dialect's words and counted")],
    },
    {
      id: 'buffered-own-answer',
      says: 'What Envoy answers by itself while it buffers passes',
      tests: [
        modes('what Envoy answers by itself, while it buffers a request for us, passes and counts as not inspected'),
        badInput("a body over Envoy's own buffer gets a 413, and the provider nothing"),
      ],
    },
  ],
  STREAMED: [
    {
      id: 'streamed-in-order',
      says: 'Each piece has one answer, in order, however many are under way',
      tests: [server('every message is answered in order and half-close ends it with OK'), RANDOM],
    },
    {
      id: 'streamed-hold',
      says: 'What is undecided is cleared and comes with a later piece',
      tests: [modes('whatever the cutting, the client gets what full duplex would give')],
    },
    {
      id: 'streamed-last',
      says: 'A last piece, empty or not, carries what was held',
      tests: [modes('a last empty piece carries what was held')],
    },
    {
      id: 'streamed-trailers',
      says: 'After trailers nothing is held',
      tests: [modes('trailers end a stream that holds nothing, and break one off whose held part no answer could carry')],
    },
    {
      id: 'streamed-denied-request',
      says: 'A request denied at some piece is an immediate response, later pieces get none',
      tests: [modes('are denied with a real status'), RANDOM],
    },
    {
      id: 'streamed-denied-answer',
      says: 'An answer denied after its headers ends as its dialect ends, the rest is cleared',
      tests: [
        modes('a denial within a stream ends it as its dialect does, and clears what still comes'),
        profiles('redacts a streamed answer'),
      ],
    },
    {
      id: 'streamed-clean',
      says: 'A clean piece is not sent back',
      tests: [modes('a clean stream passes piece by piece, with nothing sent back')],
    },
    {
      id: 'streamed-early-answer',
      says: 'An answer may begin before its request has ended',
      tests: [modes('is broken off when the request is denied: the client has a status already'), RANDOM],
    },
  ],
  FULL_DUPLEX_STREAMED: [
    { id: 'duplex-order', says: 'Headers before body, body before trailers', tests: [machine('response trailers end the body'), RANDOM] },
    {
      id: 'duplex-bytes',
      says: 'The sum of the bytes is what policy makes of the body',
      tests: [
        streaming('random texts in random cuttings give the redaction of the whole'),
        realEnvoy('a streamed answer passes byte for byte'),
      ],
    },
    {
      id: 'duplex-pieces',
      says: 'Nothing larger than 64 KiB leaves in one answer',
      tests: [
        server('a body of 8 MiB in one message comes back whole, in pieces of at most 64 KiB'),
        realEnvoy('a JSON body passes there and back byte for byte'),
      ],
    },
    {
      id: 'duplex-one-end',
      says: 'The end is said once, also for an empty last piece',
      tests: [edges('an empty last piece ends the answer once, with all that was held'), RANDOM],
    },
    {
      id: 'duplex-trailers-only',
      says: 'Headers and trailers without a body are answered in that order',
      tests: [edges('headers and trailers without a body are answered in that order')],
    },
    { id: 'duplex-headers-only', says: 'Headers alone are answered once', tests: [machine('answers %s once and is done')] },
    {
      id: 'duplex-after-end',
      says: 'What follows the end of a direction is ignored',
      tests: [modes('is ignored, whatever it is'), RANDOM],
    },
    {
      id: 'duplex-timer',
      says: 'The clock releases headers, never undecided text',
      tests: [
        machine('releases headers, never text, when the first text takes longer than a second'),
        server('a wake becomes a tick, and its effects are written'),
      ],
    },
    {
      id: 'duplex-watchdog',
      says: 'An answer that is due for too long ends the call with an error',
      tests: [server('an answer that is due for longer than the watchdog allows is DEADLINE_EXCEEDED')],
    },
    {
      id: 'duplex-denied-early',
      says: 'A denial while headers are held is a real status',
      tests: [
        machine('an early denial of an answer is a real status'),
        realEnvoy('a denial while the response headers are held is a real status'),
      ],
    },
    {
      id: 'duplex-denied-late',
      says: 'A denial within a stream is its legal end; what follows is swallowed',
      tests: [
        machine('a late denial is the legal end of the stream, and what follows is swallowed'),
        badInput('an event that cannot be inspected ends it as %s ends'),
      ],
    },
    {
      id: 'duplex-slow',
      says: 'A peer that does not read its answers is not read either',
      tests: [server('is not read either, until it goes on')],
    },
    {
      id: 'duplex-borders',
      says: 'Borders anywhere, inside characters, fields and escapes, change nothing',
      tests: [
        streaming('random texts in random cuttings give the redaction of the whole'),
        streaming('%s: every two-cut split gives the redaction of the whole'),
      ],
    },
  ],
  Response: [
    {
      id: 'response-bodiless',
      says: 'HEAD, 204 and 304 get one answer',
      tests: [machine('answers %s once and is done'), realEnvoy('a HEAD request is answered')],
    },
    {
      id: 'response-response-only',
      says: 'A configuration without request messages starts with the response',
      tests: [
        machine('a response-only configuration starts with the response'),
        modes('response-only: an answer is judged without its request'),
        RANDOM,
      ],
    },
    {
      id: 'response-encoded',
      says: 'A body in an unknown coding meets policy and is not scanned as text',
      tests: [
        machine('an answer in an unknown coding is stopped with a real status'),
        badInput("$name is denied in the dialect's words and counted"),
      ],
    },
    {
      id: 'response-sse-and-json',
      says: 'Streams and JSON errors of one route are both judged',
      tests: [machine('redacts a JSON answer'), profiles('redacts a whole answer'), profiles('redacts a streamed answer')],
    },
    {
      id: 'response-grpc-trailers',
      says: 'Trailers are answered without a change',
      tests: [edges('trailers are answered without a change'), codec('protobufjs reads what was meant, for generated effects')],
    },
    {
      id: 'response-after-denial',
      says: 'After an immediate response nothing is sent',
      tests: [server('an answer in the same step after a denial does not leave'), RANDOM],
    },
  ],
  Robustness: [
    { id: 'robustness-interleavings', says: 'Random conversations never get an illegal answer', tests: [RANDOM] },
    {
      id: 'robustness-damaged',
      says: 'Damaged and cut messages are refused with a gRPC error, and the process lives',
      tests: [
        frames('streams of them are handled or refused, nothing else, and leave nothing behind'),
        frames('every stream ends with a status, the connection and the process live'),
        server('bytes that are not protobuf are INVALID_ARGUMENT; the exchange is cancelled and the process lives'),
      ],
    },
    {
      id: 'robustness-observability',
      says: 'In observability mode nothing is answered and nothing fails',
      tests: [
        server('in observability mode events are stepped, nothing is answered and no failure is passed on'),
        profiles('changes and denies nothing, and finds what enforcing finds'),
      ],
    },
    {
      id: 'robustness-override',
      says: 'An override is sent only where it counts, and nothing waits where it is ignored',
      tests: [
        modes('with full duplex configured an override would not count and is not sent'),
        profiles('an Envoy that ignores overrides serves on, and what was not inspected is counted'),
        RANDOM,
      ],
    },
  ],
};
