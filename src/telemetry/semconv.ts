/**
 * Every attribute, span, metric and event name that leaves this process, in one place.
 *
 * - HTTP, URL, server, user-agent: OpenTelemetry semantic conventions `HTTP_REVISION`, stable.
 * - `gen_ai.*`: the GenAI conventions (github.com/open-telemetry/semantic-conventions-genai), schema `gen-ai-dev/1.42.0-dev`. The whole
 *   namespace has status "development" there.
 * - The guardrail part (`run_guardrail`, `gen_ai.security.*`) is EXPERIMENTAL: it follows pull request 427 of that repository, which is
 *   open and part of no revision. Names may change under us; only this file would.
 * - `sluice.*` is ours.
 *
 * What each of them says stands in `contract.ts`, and from there in docs/telemetry.md.
 */
export const HTTP_REVISION = '1.45.0';
export const SEMCONV_REVISION = 'gen-ai-dev/1.42.0-dev';

/** Schema URL put on the instrumentation scope. */
export const SCHEMA_URL = `https://opentelemetry.io/schemas/${SEMCONV_REVISION}`;

/** Instrumentation scope of everything this process emits; the inventory knows its own spans by it. */
export const SCOPE_NAME = 'sluice';

/** Span and log attributes. */
export const ATTR = {
  httpMethod: 'http.request.method',
  httpStatus: 'http.response.status_code',
  /** The templated path: id-like segments typed. */
  httpRoute: 'http.route',
  /** Templated as well: the path as the client sent it never leaves. */
  urlPath: 'url.path',
  urlScheme: 'url.scheme',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  userAgent: 'user_agent.original',
  errorType: 'error.type',

  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  requestStream: 'gen_ai.request.stream',
  responseModel: 'gen_ai.response.model',
  /** Keyed hash of the provider's id: ids of clients and providers may carry anything. */
  responseId: 'gen_ai.response.id',
  /** Keyed hash of the client's id. */
  conversationId: 'gen_ai.conversation.id',
  finishReasons: 'gen_ai.response.finish_reasons',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',

  /** The agent's name in the policy; absent for a caller that is none of its agents. */
  agentName: 'gen_ai.agent.name',
  /** How well the caller is known: by its strongest proof (`spiffe`, `jwt` …), or `none`. */
  agentStrength: 'sluice.agent.strength',
  /** First 12 hex digits of keyed hashes: for whom it acts, and what the exchange belongs to. */
  personHash: 'sluice.person.hash',
  sessionHashes: 'sluice.session.hashes',

  /** What the agent used, and was refused: lines `<list>|<permitted>|<refused>|<name>`. */
  agentUses: 'sluice.agent.uses',

  exchangeId: 'sluice.exchange.id',
  dialect: 'sluice.dialect',
  verdict: 'sluice.verdict',
  outcome: 'sluice.outcome',
  mode: 'sluice.mode',
  policyVersion: 'sluice.policy.version',
  profile: 'sluice.policy.profile',
  routeName: 'sluice.route.name',
  auth: 'sluice.auth.kind',
  callerHash: 'sluice.caller.hash',
  requestBytes: 'sluice.request.bytes',
  responseBytes: 'sluice.response.bytes',
  toolsDeclared: 'sluice.tools.declared',
  toolsCalled: 'sluice.tools.called',
  /** `<tool> <digits>` of a hash of what it says of itself, to a model or to a client. */
  toolDescriptions: 'sluice.tools.descriptions',
  /** What an MCP client calls itself, and what an MCP server or an A2A agent does. */
  clientName: 'sluice.client.name',
  serverName: 'sluice.server.name',
  /** Media types without parameters. */
  requestType: 'sluice.request.content_type',
  responseType: 'sluice.response.content_type',
  /** Names, types and formats of a sampled body's fields, no values: lines `<path> <types>`. */
  requestShape: 'sluice.request.shape',
  responseShape: 'sluice.response.shape',
  /** Methods of JSON-RPC and kinds of GraphQL operation. */
  methods: 'sluice.rpc.methods',
  /** The request body did not look as its path's dialect has it. */
  unfit: 'sluice.dialect.unfit',
  /** Reasons, as `<direction>:<reason>`. */
  uninspected: 'sluice.exchange.uninspected',
  /** Findings of the exchange, detected and prevented. */
  findingCount: 'sluice.finding.count',
  findingPrevented: 'sluice.finding.prevented',
  /** Detector ids, each once, in alphabetical order. */
  findingDetectors: 'sluice.finding.detectors',
  findingRequestDetectors: 'sluice.finding.request.detectors',
  findingResponseDetectors: 'sluice.finding.response.detectors',
  /** What was done, each once. */
  findingActions: 'sluice.finding.actions',
  /** The highest one. */
  findingSeverity: 'sluice.finding.severity',
  findingReferences: 'sluice.finding.references',
  /** One line a finding: detector|family|severity|confidence|lane|direction|action|taken|start|length. */
  findingRows: 'sluice.finding.rows',

  /** On `run_guardrail` spans, finding events and metrics. */
  detector: 'sluice.detector',
  family: 'sluice.detector.family',
  severity: 'sluice.finding.severity',
  confidence: 'sluice.finding.confidence',
  lane: 'sluice.lane',
  direction: 'sluice.direction',
  action: 'sluice.action',
  actionTaken: 'sluice.action.taken',
  start: 'sluice.finding.start',
  length: 'sluice.finding.length',
  references: 'sluice.finding.references',
  /** A tool or model it is about, redacted as every name. */
  subject: 'sluice.finding.subject',
  /** The place in the policy that decided. */
  policyRule: 'sluice.policy.rule',
  findingReason: 'sluice.finding.reason',
  /** A sentence of fixed words, numbers and names from the policy. */
  explanation: 'sluice.finding.explanation',
  reason: 'sluice.reason',
  destination: 'sluice.destination',

  /** On spans about the policy in force. */
  policyAgentCount: 'sluice.policy.agent.count',
  policyAgent: 'sluice.policy.agent.name',
  policyAgentStanding: 'sluice.policy.agent.standing',
  /** Lines `<list>|<allow or deny>|<entry>`. */
  policyAgentGrants: 'sluice.policy.agent.grants',
  policyGrantsLeftOut: 'sluice.policy.agent.grants.left_out',

  /** On events of the inventory: what became different of which row, and why this is said. */
  changeKind: 'sluice.inventory.change.kind',
  changeSubjectKind: 'sluice.inventory.change.subject.kind',
  changeSubjectId: 'sluice.inventory.change.subject.id',
  changeSubject: 'sluice.inventory.change.subject',
  changeReason: 'sluice.inventory.change.reason',

  /** Experimental, see above. */
  guardrailName: 'gen_ai.security.guardrail.name',
  securityTarget: 'gen_ai.security.target.type',
  securityVerdict: 'gen_ai.security.verdict.type',
  securityAction: 'gen_ai.security.action.type',
  securityPolicyId: 'gen_ai.security.policy.id',
  securityPolicyVersion: 'gen_ai.security.policy.version',
  securityRule: 'gen_ai.security.policy.rule.id',
  securityRisk: 'gen_ai.security.risk.finding',
  securityScore: 'gen_ai.security.risk.score',
} as const;

/** Resource attributes. */
export const RESOURCE = { serviceName: 'service.name', serviceVersion: 'service.version', serviceInstance: 'service.instance.id' } as const;

/** `gen_ai.operation.name` and first word of the name of a finding's span. Experimental. */
export const GUARDRAIL_OPERATION = 'run_guardrail';

/** Event name of a finding's log record. Experimental. */
export const FINDING_EVENT = 'gen_ai.security.finding';

/** Event name of the log record of a change in the inventory. */
export const CHANGE_EVENT = 'sluice.inventory.change';

/** Metric names. Detected and prevented are separate counters: text that had left when it was recognised was not prevented. */
export const METRIC = {
  exchangeCount: 'sluice.exchange.count',
  /** Histogram, seconds. */
  exchangeDuration: 'sluice.exchange.duration',
  findingCount: 'sluice.finding.count',
  findingDetected: 'sluice.finding.detected',
  findingPrevented: 'sluice.finding.prevented',
  uninspected: 'sluice.exchange.uninspected',
  /** Exchanges whose request body did not look as its path's dialect has it. */
  unfit: 'sluice.exchange.unfit',
  /** Records that did not reach their destination. */
  lost: 'sluice.telemetry.lost',
} as const;

/** Methods of RFC 9110 and RFC 5789; every other one is `_OTHER`, as the HTTP conventions ask. */
export const HTTP_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE']);
