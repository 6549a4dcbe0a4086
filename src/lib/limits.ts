/**
 * Every bound that traffic can reach, with its default. A policy's `limits` overrides the first group; the second is fixed.
 * What happens at a bound is written in the row; nothing is ever dropped silently.
 */
export interface Limits {
  /**
   * Largest body inspected, in bytes; of a stream what may wait for the end of a tool call or of an answer that is judged as a whole.
   * Over it: `failMode.onLimit` (413 in the client's dialect when denied).
   */
  readonly bodyBytes: number;
  /** Largest stream event (SSE), in bytes. Over it: `failMode.onLimit`. */
  readonly eventBytes: number;
  /** Longest text of one lane that may stay undecided, in UTF-16 units; a rule whose longest match is over it is refused at load. */
  readonly holdBytes: number;
  /** Findings per exchange. Over it: `failMode.onLimit`. */
  readonly findings: number;
  /** Nesting of a JSON body. Over it: uninspectable, reason `json-depth`. */
  readonly jsonDepth: number;
  /**
   * How many times its size a compressed body may have, counted once more than `FIXED.decodedFreeBytes` have come out. Over it decoding
   * stops at once: reason `decoded-limit`, `failMode.onLimit`.
   */
  readonly decompressRatio: number;
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 10 * 1024 * 1024,
  eventBytes: 1024 * 1024,
  holdBytes: 4096,
  findings: 256,
  jsonDepth: 64,
  // Chat streams of one short word an event: 1:80 in gzip, 1:100 in br; rows of JSON 1:20. Bombs: 1:1000 and far more.
  decompressRatio: 300,
};

/** Bounds of the machine itself. */
export const FIXED = {
  /** States a liveness automaton keeps before it starts afresh. */
  automatonStates: 8192,
  /** States that one automaton may make at once, before texts that need ever new ones are read without it. */
  stateAllowance: 65_536,
  /** Syntax-tree nodes one pattern may expand to. Over it: refused at load. */
  patternNodes: 20_000,
  /** Rows of `exceptions` in a policy. Over it: refused at load. */
  exceptions: 500,
  /** Sets of exceptions that hold together and are kept ready for one profile. Over it the one made first is made anew when it is needed. */
  exceptedProfiles: 64,
  /** Entries of one list of words, hosts or languages in a policy. Over it: refused at load. */
  listEntries: 5_000,
  /** Bytes of a JSON schema that answers are checked against. Over it: not checked, reason `schema-limit`. */
  schemaBytes: 256 * 1024,
  /** Schemas declared in one exchange. Over it as over `schemaBytes`. */
  schemas: 256,
  /** Units of an answer that is gathered, and held when it may be denied, to be checked against a schema. Over it as over `schemaBytes`. */
  answerUnits: 1024 * 1024,
  /** Keywords looked at in one check, and how deep. Over it as over `schemaBytes`. */
  schemaSteps: 200_000,
  schemaDepth: 128,
  /** Different `pattern`s of one schema that are tried, and units of each. Others count as matched. */
  schemaPatterns: 32,
  schemaPatternUnits: 512,
  /** Units to the left of a match that context words may look at. */
  contextUnits: 64,
  /** Units of a block without a longest match (a private key). Over it the rest is still swallowed, and `failMode.onLimit` decides. */
  blockUnits: 64 * 1024,
  /** Units of a text that is whole before it matters in which hidden text is looked for at once; longer ones in stretches, */
  viewUnits: 16 * 1024,
  /** and how much of each is looked at again with the next, so that nothing hides on the border. */
  viewOverlapUnits: 2 * 1024,
  /** The same for a run of base64 in an answer that streams: what is held of it. */
  runUnits: 4 * 1024,
  runOverlapUnits: 1024,
  /** Codings inside codings that are undone. Deeper ones are left alone. */
  viewDepth: 3,
  /**
   * Units that are made of one stretch by undoing codings and disguises, all together; escapes and every disguise, three deep, make 18 times
   * its own. Over it the rest is not read: reason `view-limit`, `failMode.onLimit`.
   */
  viewBudgetUnits: 320 * 1024,
  /**
   * Letters in a row that an answer must share with the system text to be a passage of it: a dozen English words. Letters of scripts that
   * write no spaces count three. It is also what an answer that streams is held for.
   */
  passageLetters: 60,
  /** Letters in a row that the caller wrote too, so that they are no secret of the system text. */
  knownLetters: 24,
  /** Units between two letters (spaces, signs, digits) over which a passage goes on. */
  passageGapUnits: 16,
  /**
   * Letters of the system text that answers are compared with; an open exchange keeps 6 to 12 bytes for each. The rest is not compared:
   * reason `prompt-limit`, `failMode.onLimit`.
   */
  promptLetters: 2 * 1024 * 1024,
  /** Fingerprints of system texts that are kept for the next request with the same texts, bytes. */
  fingerprintMemoBytes: 4 * 1024 * 1024,
  /** Texts of which it is kept whether anything is in them: their SHA-256, so that a history is read once and not with every turn, bytes. */
  quietMemoBytes: 2 * 1024 * 1024,
  /** A shorter text is read faster than its hash is made, looked for and kept, UTF-16 units. */
  quietMemoUnitsMin: 64,
  /** Bytes in one `streamed_response` answer (Envoy takes at most 64 KiB). */
  answerBytes: 64 * 1024,
  /** Lanes open at once in one direction of one exchange. Over it: `failMode.onLimit`. */
  lanes: 4096,
  /** Units of a stream that are kept so that its ending can repeat them. Over it the ending repeats nothing. */
  keptUnits: 256 * 1024,
  /** What is declared, called and answered in one body. Over it the rest is not told: reason `tool-limit`, `failMode.onLimit`. */
  toolEvents: 16_384,
  /** Fields of one body whose names and types leave, how deep, and units of their paths. Of an object that does not fit none of its own do. */
  shapeFields: 128,
  shapeDepth: 8,
  shapeUnits: 4096,
  /** Values of one body that its shape is made of. Over it as over `shapeFields`. */
  shapeNodes: 2048,
  /** Units of one tool's definition that are made canonical. Over it there is no fingerprint. */
  toolTextUnits: 64 * 1024,
  /** Units of the arguments of all calls in one body that are kept to be judged. Over it the call says that they are cut. */
  toolCallUnits: 1024 * 1024,
  /** Time a full-duplex direction may stay undecided before the watchdog ends it, in milliseconds. */
  watchdogMs: 30_000,
  /** Time response headers are withheld while no text is decided, in milliseconds. */
  headerHoldMs: 1_000,
  /** Headers in one message. Over it the rest is not read and `failMode` decides, reason `header-limit`. */
  headers: 1_000,
  /** Bytes of the headers in one message, names and values. Over it as over `headers`. */
  headerBytes: 1024 * 1024,
  /** String attributes Envoy may send with an exchange. Over it: the call ends with INVALID_ARGUMENT. */
  attributes: 256,
  /** Values of a filter's metadata, and how deep they are nested. Over either it is not read: no token of Envoy's counts. */
  metadataValues: 4096,
  metadataDepth: 32,
  /** Bytes all exchanges of a process may hold together before new ones are shed, reason `process-limit`; setting `processBytes`. */
  processBytes: 512 * 1024 * 1024,
  /** Decoded bytes of a body that are never too many for its size: short texts of one repeated letter are no attack. */
  decodedFreeBytes: 1024 * 1024,
  /** Decoded bytes in one answer of a decoder, about: what one compressed message expands to is never in memory as a whole. */
  decodedPartBytes: 256 * 1024,
  /** Time one call of a decoder may take, in milliseconds. Over it as over `decompressRatio`. */
  decodeMs: 5_000,
  /** Bytes of the body of a call at the admin address. Over it: 413. */
  adminBodyBytes: 16 * 1024,
  /** Uses of one exchange that are counted for its agent. */
  recordedUses: 512,
  /** Entries of one policy's agents that telemetry tells of, and agents. What is over it is only counted. */
  toldGrants: 4096,
  toldAgents: 512,
  /** New or changed tools of one exchange that are remembered; the rest is with the next. */
  toolsSeen: 256,
  /** Tools of all sources that are remembered. Over it the source with most forgets the one it showed last; an approved one is never forgotten. */
  registeredTools: 5_000,
  /** Of them, those of one source. Over it a new name is not remembered: nobody pushes out what was seen first. */
  registeredToolsOfSource: 512,
  /** UTF-16 units of all definitions that are kept as text. Over it new ones are kept as fingerprints alone. */
  registeredTextUnits: 8 * 1024 * 1024,
  /** Values of one exchange that have tokens, and bytes of them. Over it: redacted for good. */
  tokenEntries: 4096,
  tokenBytes: 1024 * 1024,
  /** Tokens that one place of an answer may be the beginning of. Over it the place is not read as one. */
  tokenCandidates: 256,
  /** Values of tokens kept for exchanges to come, bytes of them; those of the scope unused longest are forgotten first. */
  vaultEntries: 100_000,
  vaultBytes: 32 * 1024 * 1024,
  /** How long the values of a scope are kept after they were last used, in milliseconds. */
  vaultMs: 24 * 60 * 60 * 1000,
  /** Calls of tools of one exchange that are looked at when it is over. */
  recordedCalls: 256,
  /** Bytes of what conversations hold, kept for all of them; the least recently used one is forgotten first. */
  conversationBytes: 32 * 1024 * 1024,
  /** How long a conversation is remembered after it was last seen, in milliseconds. */
  conversationMs: 24 * 60 * 60 * 1000,
  /** Streams at once on one connection of Envoy; setting `maxConcurrentStreams`. Over it Envoy waits or opens another connection. */
  concurrentStreams: 1_000_000,
  /** A connection on which nothing has come for this long is sent a ping, in milliseconds. */
  keepaliveIdleMs: 30_000,
  /** Time a peer has to answer a ping, in milliseconds. Over it the connection is cut and its exchanges are cancelled. */
  keepaliveTimeoutMs: 10_000,
  /** UTF-16 units of one claim about who calls: a name, an id, a key. Over it the claim is refused, reason `claim-oversized`. */
  claimUnits: 2048,
  /** The same for a token (JWT), */
  tokenUnits: 16 * 1024,
  /** and for `x-forwarded-client-cert`, in which whole certificates can stand. */
  xfccUnits: 64 * 1024,
  /** Elements of `x-forwarded-client-cert`, and names in one. Over it as over `claimUnits`. */
  xfccElements: 32,
  /** Nesting of `act` in a token (RFC 8693, 4.1). Over it: reason `claim-oversized`. */
  actorDepth: 8,
  /** Verified tokens remembered until they expire; the one unused longest is forgotten. */
  tokensRemembered: 10_000,
  /** Tokens that wait for their verification at once. Over it: reason `verifier-busy`. */
  verifications: 256,
  /** Bytes of a key set (JWKS). Over it: the fetch failed. */
  keySetBytes: 256 * 1024,
  /** Keys of a key set. Over it: the fetch failed. */
  keySetKeys: 100,
  /** Time a fetch of a key set may take, in milliseconds. */
  keySetFetchMs: 5_000,
  /** Time after which a key set is fetched again, in milliseconds; the old one serves until the new one is there. */
  keySetFreshMs: 5 * 60_000,
  /** Shortest time between two fetches of a key set, in milliseconds: unknown key ids cannot cause more. */
  keySetRetryMs: 30_000,
  /** Age at which a key set that cannot be fetched anew is not believed any more, in milliseconds. */
  keySetStaleMs: 24 * 60 * 60_000,
  /** Units of a condition (CEL), nodes of its syntax tree and their nesting. Over it: refused at load. */
  conditionUnits: 4096,
  conditionNodes: 500,
  conditionDepth: 50,
  /** Loops inside loops of a condition. Over it: refused at load. */
  conditionLoops: 3,
  /** Steps one evaluation of a condition may take, foretold from the sizes of what it reads. About 50 ns each. */
  conditionSteps: 200_000,
  /** Smallest size of what a condition reads (values and text units) that those steps must be enough for. Under it: refused at load. */
  conditionSizeMin: 128,
  /** Largest size a condition ever reads. Over it, or over what its steps are enough for: `when` denies, `unless` exempts nothing. */
  conditionSizeMax: 1024 * 1024,
  /** Different names of one kind that an agent's usage remembers. Over it new ones are only counted. */
  usageNames: 1000,
  /** Over MCP nobody sees a person's message: a turn of a session ends when it has called no tool for so long, in milliseconds. */
  turnPauseMs: 120_000,
  /** What behaviour over time remembers, in rows: agents (about 1 KB each), */
  behaviourAgents: 100_000,
  /** an agent with an endpoint, tool or model (about 90 bytes each), */
  behaviourPairs: 800_000,
  /** those of them where ids stand (about 130 bytes each), */
  behaviourPlaces: 200_000,
  /** sessions, */
  behaviourSessions: 20_000,
  /** calls that an agent repeats (about 40 bytes each), */
  behaviourUsualCalls: 100_000,
  /** credentials, */
  behaviourCredentials: 20_000,
  /** and counters of budgets. Over each the least recently seen is forgotten and counted. */
  behaviourCounters: 50_000,
  /** Bytes of the file in which all of that outlives a process; full tables take a third. A larger one is not read. */
  behaviourFileBytes: 512 * 1024 * 1024,
  /** Counters that are shared through Redis. Over it the oldest is counted in each process alone, */
  sharedKeys: 10_000,
  /** and how many are exchanged by one script. */
  sharedKeysAtOnce: 500,
  /** Processes of one `sluice serve`. More are refused. */
  workers: 64,
  /** Questions of a worker that its supervisor has not answered. Over it they are answered as if nothing were known. */
  workerQuestions: 20_000,
  /** Units of a name that behaviour looks at; a longer one is cut. */
  behaviourNameUnits: 256,
  /** Tools, ids and kinds of sensitive values of one exchange that behaviour looks at. The rest is counted as over the bound. */
  behaviourUses: 256,
} as const;

/** Bounds of one HTTP/2 connection of the filter. */
export const HTTP2 = {
  /**
   * Bytes of one request that may be under way or wait for us; more ends the stream with FLOW_CONTROL_ERROR. What is taken is asked for again,
   * so messages may be larger; what a stream that has to wait has received is held here. The usual 64 KiB would cost twice the round trips.
   */
  streamWindowBytes: 256 * 1024,
  /** The same for all requests of a connection, which carries every exchange of an Envoy worker. More ends the connection. */
  connectionWindowBytes: 64 * 1024 * 1024,
  /** Bytes of one frame. Over it the connection ends with FRAME_SIZE_ERROR. */
  frameBytes: 256 * 1024,
  /** Header fields of a request: names, values, and 32 bytes for each. Over it the stream ends, */
  headerListBytes: 64 * 1024,
  /** Frames that bring nothing (PING, SETTINGS, empty DATA, requests reset before they were answered …) at once, */
  uselessFrames: 10_000,
  /** and in each second after that. Over it the connection ends with ENHANCE_YOUR_CALM. */
  uselessFramesPerSecond: 1_000,
  /** Bytes of answers and acknowledgements that a peer asks for and does not read. Over it the connection is cut. */
  unsentBytes: 16 * 1024 * 1024,
} as const;

/** Bounds of the export to the inventory. */
export const EXPORT = {
  /** Bytes of spans that wait in memory, about. Over it new ones are lost: `queue-full`, or what kept the spool from taking them. */
  queueBytes: 16 * 1024 * 1024,
  /** Spans and bytes (about) of one request. One larger span goes alone. */
  batchSpans: 512,
  batchBytes: 1024 * 1024,
  /** Bytes on disk of what waits for the inventory; setting `spoolBytes`. Over it the queue in memory fills, then `spool-full`. */
  spoolBytes: 256 * 1024 * 1024,
  /** Files of it. Over it as over `spoolBytes`. */
  spoolSegments: 65_536,
  /** Files from which on they are written four times as rarely: what is left then lasts for an outage of 18 hours. */
  spoolManySegments: 4096,
  /** Bytes of one file that are read. Over it: lost, `damaged`. */
  segmentBytes: 64 * 1024 * 1024,
  /** A process says this often that it lives, and looks for what dead ones left, in milliseconds. */
  spoolBeatMs: 30_000,
  /** Silence after which a process is taken for dead even if its id exists, in milliseconds. */
  spoolLeftMs: 120_000,
  /** Longest wait between two attempts, whatever the inventory asks for in `retry-after`, in milliseconds. */
  retryMs: 5_000,
} as const;

/** Bounds of the inventory. */
export const INVENTORY = {
  /** Rows of one kind of fact. Over it endpoints lose names of segments (`childrenMax` is halved), others are counted in one row `{more}`. */
  rows: 20_000,
  /** Segments that keep their names at one place of a path, and hosts. Over it those with the greatest hashes become `{more}`. */
  pathChildren: 256,
  /** Spans remembered for recognising a second delivery. A later one counts again. */
  seenSpans: 200_000,
  /** Spans that wait for the store. Over it the sender is told to try again later (503, UNAVAILABLE). */
  waitingSpans: 100_000,
  /** Bytes of bodies that are being read, of all senders together. Over it the sender is told to try again later. */
  intakeBytes: 128 * 1024 * 1024,
  /** Calls at once on one OTLP/gRPC connection; over it the sender's HTTP/2 waits. */
  intakeStreams: 128,
  /** Spans in one transaction of the store. */
  commitSpans: 8192,
  /** Findings kept; the oldest go first. */
  findings: 1_000_000,
  /** Findings, and changes, that one transaction forgets; the next one follows until none is left, and the intake has its turn between. */
  pruneRows: 5000,
  /** Days that findings, changes, and facts that are not seen any more are kept. */
  findingDays: 30,
  changeDays: 365,
  factDays: 400,
  /** Dismissals that stand at once. Over it a further one is refused until one is taken back. */
  dismissals: 500,
  /** Policies of filters that are remembered; those that nobody was heard of for longest go. */
  policies: 16,
  /** Readers of the live tail at once. Over it: 503. */
  tails: 64,
  /** Events a slow reader of the live tail may have waiting. Over it it is cut off; it comes again with the last id it has. */
  tailEvents: 1000,
} as const;

/** Of one address that is told of changes of the inventory. */
export const WEBHOOK = {
  /** Changes that wait. Over it further ones are lost to this address, and counted; the inventory's own list has them. */
  queueChanges: 2000,
  /** Changes of one delivery. */
  batchChanges: 50,
  /** Changes remembered, so that none is told twice. */
  rememberedChanges: 10_000,
  /** Deliveries of the same changes, some eight minutes in all. After the last one they are lost, and counted. */
  attempts: 12,
  /** Milliseconds until an attempt is given up. */
  timeoutMs: 10_000,
  /** Milliseconds until the second attempt; twice as many each time, and never more than the second figure. */
  retryMs: 1000,
  retryMaxMs: 60_000,
  /** Milliseconds that the end of the process waits for what is on its way. */
  stopMs: 2000,
  /** Characters of a name or a reason in a text for people. */
  slackUnits: 300,
} as const;
