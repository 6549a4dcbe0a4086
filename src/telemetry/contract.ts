import { ATTR, FINDING_EVENT, METRIC, RESOURCE } from './semconv.ts';

/**
 * Where a name stands. `finding`: on `run_guardrail` spans and on finding events. `policy`: on spans `policy`, and
 * on those below it, which are named `grants <agent>`. `change`: on the inventory's change events.
 */
export type Place = 'exchange' | 'finding' | 'policy' | 'change' | 'metric' | 'resource';

/** What is said of an attribute, in docs/telemetry.md and nowhere else. */
export interface AttributeRow {
  readonly type: 'string' | 'string[]' | 'int' | 'double' | 'boolean';
  readonly on: readonly Place[];
  /** When it is there, after "when": empty for always. */
  readonly when: string;
  readonly what: string;
  readonly example: string;
}

type AttributeName = (typeof ATTR)[keyof typeof ATTR] | (typeof RESOURCE)[keyof typeof RESOURCE];

const row =
  (type: AttributeRow['type'], ...on: readonly Place[]) =>
  (what: string, example: string, when = ''): AttributeRow => ({ type, on, when, what, example });

const text = row('string', 'exchange');
const texts = row('string[]', 'exchange');
const count = row('int', 'exchange');
const flag = row('boolean', 'exchange');
const ofFinding = row('string', 'finding');
const ofPolicy = row('string', 'policy');
const ofAgent = 'the span is named `grants <agent>`';
const ofChange = row('string', 'change');
const label = row('string', 'finding', 'metric');
const metricLabel = row('string', 'metric');

const known = 'the body says it';
const found = 'something was found';
const told = 'it was not said of the endpoint lately';

/** Every attribute that leaves this process. A name without a row does not compile. */
export const ATTRIBUTES = {
  [ATTR.httpMethod]: text('Method; every unknown one is `_OTHER`', 'POST'),
  [ATTR.httpStatus]: count('Status of the answer', '200', 'there was an answer'),
  [ATTR.httpRoute]: text('Path with what looks like an id typed', '/accounts/{id}'),
  [ATTR.urlPath]: text('The same: the path as it was sent never leaves', '/accounts/{id}'),
  [ATTR.urlScheme]: text('`http` or `https`', 'https', 'Envoy says one of them'),
  [ATTR.serverAddress]: text('Host the client asked for', 'api.openai.com', 'there is one'),
  [ATTR.serverPort]: count('Its port', '8443', 'the client named one'),
  [ATTR.userAgent]: text('The client program, redacted as every name', 'openai-node/7.57', 'the client says it'),
  [ATTR.errorType]: text('`aborted`, or the status from 500 up', '503', 'the span has status ERROR'),

  [ATTR.operation]: row('string', 'exchange', 'finding')(
    'What is asked of a model; `run_guardrail` on findings',
    'chat',
    'it is a GenAI operation',
  ),
  [ATTR.provider]: text('Provider whose dialect is spoken', 'openai', 'the dialect has one'),
  [ATTR.requestModel]: text('Model asked for', 'gpt-4o', known),
  [ATTR.requestStream]: flag('Whether a stream was asked for', 'true', known),
  [ATTR.responseModel]: text('Model that answered', 'gpt-4o-2024-08-06', known),
  [ATTR.responseId]: text("Keyed hash of the provider's id", '9f86d081884c7d65', known),
  [ATTR.conversationId]: text("Keyed hash of the client's id", '9f86d081884c7d65', known),
  [ATTR.finishReasons]: texts('Why the model stopped; unknown words are `other`', '["stop"]', known),
  [ATTR.inputTokens]: count('Tokens of the request', '12', known),
  [ATTR.outputTokens]: count('Tokens of the answer', '8', known),
  [ATTR.agentName]: text("Agent's name in the policy", 'support', "the caller is one of the policy's agents"),

  [ATTR.agentStrength]: text('Strongest proof of who calls, or `none`', 'jwt', 'callers are looked at'),
  [ATTR.personHash]: text('For whom it acts: 12 digits of a keyed hash', 'a1b2c3d4e5f6', 'a person is named'),
  [ATTR.sessionHashes]: texts('What it belongs to, as such hashes', '["a1b2c3d4e5f6"]', 'a session is named'),
  [ATTR.agentUses]: texts(
    'What it used, and what it was refused: a line `list|permitted|refused|name` for each name, at most 256; no name where a detector sees something in it',
    '["tools|1|0|transfer"]',
    "the caller is one of the policy's agents",
  ),
  [ATTR.exchangeId]: row('string', 'exchange', 'finding')('Id of the exchange, also in the log', '0b1f…'),
  [ATTR.dialect]: row('string', 'exchange', 'metric')('How the bodies were read', 'openai-chat'),
  [ATTR.verdict]: row('string', 'exchange', 'metric')('`allow`, `flag`, `redact` or `deny`', 'deny'),
  [ATTR.outcome]: text('How the exchange ended', 'completed'),
  [ATTR.mode]: row('string', 'exchange', 'policy', 'metric')('`observe` or `enforce`', 'enforce'),
  [ATTR.policyVersion]: row('string', 'exchange', 'policy')('Fingerprint of the policy', '1f3a5c7e'),
  [ATTR.profile]: text('Profile that applied', 'balanced'),
  [ATTR.routeName]: text('Route of the policy', 'llm', 'one has a name'),
  [ATTR.auth]: text('Kind of credential seen, or `none`', 'bearer'),
  [ATTR.callerHash]: text('Keyed hash of the credential', 'a1b2c3d4e5f6', 'there is a credential'),
  [ATTR.requestBytes]: count('Bytes of the request body', '120'),
  [ATTR.responseBytes]: count('Bytes of the answer body', '300'),
  [ATTR.toolsDeclared]: texts('Tools the model may call, at most 64', '["transfer"]', 'there are any'),
  [ATTR.toolsCalled]: texts('Tools it called, at most 64', '["transfer"]', 'there are any'),
  [ATTR.toolDescriptions]: texts(
    '`<tool> <digits>` for each tool that is declared, at most 64: 16 digits of the SHA-256 of its description and input schema',
    '["transfer 9f86d081884c7d65"]',
    told,
  ),
  [ATTR.clientName]: text('What an MCP client calls itself', 'inspector', known),
  [ATTR.serverName]: text('What an MCP server or A2A agent calls itself', 'files', known),
  [ATTR.requestType]: text('Media type without parameters; unknown ones are `other`', 'application/json', 'there is one'),
  [ATTR.responseType]: text('The same of the answer', 'application/xml', 'there is one'),
  [ATTR.requestShape]: texts(
    'A line for each field of a JSON body of no dialect: path and types with formats, no values',
    '["/amount? integer|null"]',
    told,
  ),
  [ATTR.responseShape]: texts('The same of the answer', '["/id string:uuid"]', told),
  [ATTR.methods]: texts('Methods of JSON-RPC, kinds of GraphQL operation', '["tools/call"]', known),
  [ATTR.unfit]: flag("The request did not look as its path's dialect has it", 'true', 'it is so'),
  [ATTR.uninspected]: texts('`<direction>:<reason>` of what was not inspected', '["response:opaque"]', 'something was not'),
  [ATTR.findingCount]: count('Findings', '2', found),
  [ATTR.findingPrevented]: count('Findings stopped before their text left', '1', found),
  [ATTR.findingDetectors]: texts('Detectors, in alphabetical order', '["injection.direct"]', found),
  [ATTR.findingRequestDetectors]: texts('Those of the request', '["injection.direct"]', found),
  [ATTR.findingResponseDetectors]: texts('Those of the answer', '["pii.email"]', found),
  [ATTR.findingActions]: texts('What was done', '["deny"]', found),
  [ATTR.findingSeverity]: row('string', 'exchange', 'finding')('Severity; the highest one on an exchange', 'high', found),
  [ATTR.findingReferences]: row('string[]', 'exchange', 'finding')('Entries of OWASP, ATLAS and their like', '["LLM01:2025"]', found),
  [ATTR.findingRows]: texts(
    'One line a finding, at most 256: `detector|family|severity|confidence|lane|direction|action|taken|start|length`, divided by bars',
    '["pii.email|pii|…"]',
    found,
  ),

  [ATTR.detector]: label('Detector', 'injection.direct'),
  [ATTR.family]: ofFinding('Its family', 'injection'),
  [ATTR.confidence]: row('double', 'finding')('Stated probability that it is right', '0.9'),
  [ATTR.lane]: ofFinding('Kind of text', 'user'),
  [ATTR.direction]: label('`request` or `response`', 'request'),
  [ATTR.action]: label('What policy wanted; on metrics what was done', 'deny'),
  [ATTR.actionTaken]: ofFinding('What was done', 'deny'),
  [ATTR.start]: row('int', 'finding')('Where it begins in its text', '17'),
  [ATTR.length]: row('int', 'finding')('How long it is', '42'),
  [ATTR.subject]: ofFinding('Tool or model it is about, redacted as every name', 'transfer', 'there is one'),
  [ATTR.policyRule]: ofFinding('Place in the policy that decided', 'agents.support.tools', 'a rule did'),
  [ATTR.findingReason]: ofFinding('Reason as a fixed word', 'not-allowed', 'there is one'),
  [ATTR.explanation]: ofFinding('Sentence of fixed words, numbers and names from the policy', 'the agent may not call it', 'there is one'),
  [ATTR.reason]: metricLabel(
    'Why it was not inspected; why telemetry was lost: `queue-full`, `spool-full`, `spool-failed`, `damaged`, `refused`, `unreachable`, `shutdown`, `start-failed`, `build-failed`',
    'queue-full',
  ),
  [ATTR.destination]: metricLabel('Where lost telemetry was going: `queue`, `inventory` or `backend`', 'inventory'),

  [ATTR.guardrailName]: ofFinding('Always `sluice`', 'sluice'),
  [ATTR.securityTarget]: ofFinding('What was looked at', 'llm_input'),
  [ATTR.securityVerdict]: ofFinding('`warn`, `modify` or `deny`', 'deny'),
  [ATTR.securityAction]: ofFinding('`allow`, `modify` or `block`', 'block'),
  [ATTR.securityPolicyId]: ofFinding('Profile that applied', 'balanced'),
  [ATTR.securityPolicyVersion]: ofFinding('Fingerprint of the policy', '1f3a5c7e'),
  [ATTR.securityRule]: ofFinding('Detector', 'injection.direct'),
  [ATTR.securityRisk]: ofFinding('Family', 'injection'),
  [ATTR.securityScore]: row('double', 'finding')('Confidence', '0.9'),

  [ATTR.policyAgentCount]: row('int', 'policy')('Agents that it names', '3', 'the span is named `policy`'),
  [ATTR.policyAgent]: ofPolicy("Agent's name in it", 'support', ofAgent),
  [ATTR.policyAgentStanding]: ofPolicy('`proven`, or `stated` when it is only told by what a client says', 'proven', ofAgent),
  [ATTR.policyAgentGrants]: row('string[]', 'policy')(
    'Entries of its lists, at most 256 a span: `list|allow|entry` or `list|deny|entry`; an empty entry is a list that allows nothing',
    '["tools|allow|transfer"]',
    `${ofAgent} and it has lists`,
  ),
  [ATTR.policyGrantsLeftOut]: row('int', 'policy')('Entries beyond the bound, which no span has', '12', `${ofAgent} and there are any`),

  [ATTR.changeKind]: ofChange('What changed: `new`, `gone` and the like', 'new'),
  [ATTR.changeSubjectKind]: ofChange('Kind of thing', 'endpoint'),
  [ATTR.changeSubjectId]: ofChange('Its id in the inventory', '9f86d081884c7d65'),
  [ATTR.changeSubject]: ofChange('Its name, redacted as every name', 'GET api.example/accounts/{id}'),
  [ATTR.changeReason]: ofChange('Why it counts', 'first seen'),

  [RESOURCE.serviceName]: row('string', 'resource')('`sluice`, or what the `OTEL_*` variables say', 'sluice'),
  [RESOURCE.serviceVersion]: row('string', 'resource')('Version of this program', '0.1.0', 'it goes to the inventory'),
  [RESOURCE.serviceInstance]: row('string', 'resource')(
    'Which of several processes',
    'edge-1',
    'the `OTEL_*` variables say it; with workers always',
  ),
} as const satisfies Record<AttributeName, AttributeRow>;

export interface MetricRow {
  readonly kind: 'counter' | 'histogram';
  readonly unit: string;
  readonly what: string;
  /** Names of its attributes. */
  readonly by: readonly string[];
}

const ofExchange = [ATTR.verdict, ATTR.mode, ATTR.dialect] as const;
const counter = <By extends readonly string[]>(unit: string, what: string, ...by: By) => ({ kind: 'counter', unit, what, by }) as const;

/** Every metric; `what` and `unit` are also what its instrument says. */
export const METRICS = {
  [METRIC.exchangeCount]: counter('{exchange}', 'Exchanges judged', ...ofExchange),
  [METRIC.exchangeDuration]: { kind: 'histogram', unit: 's', what: 'From request headers to the end of the answer', by: ofExchange },
  [METRIC.findingCount]: counter('{finding}', 'Findings by what was done about them', ATTR.detector, ATTR.direction, ATTR.action),
  [METRIC.findingDetected]: counter('{finding}', 'Findings, prevented or not', ATTR.detector, ATTR.direction),
  [METRIC.findingPrevented]: counter('{finding}', 'Findings stopped before their text left', ATTR.detector, ATTR.direction),
  [METRIC.uninspected]: counter('{direction}', 'Directions of exchanges that were not inspected, by reason', ATTR.direction, ATTR.reason),
  [METRIC.unfit]: counter('{exchange}', 'Requests that did not look as the dialect of their path has them, read as any JSON', ATTR.dialect),
  [METRIC.lost]: counter('{record}', 'Telemetry that did not reach its destination', ATTR.destination, ATTR.reason),
} as const satisfies Record<(typeof METRIC)[keyof typeof METRIC], MetricRow>;

/** Fields of a line of the filter's log, by its `event`. Every line has `level`, `time`, `pid`, `name` and `msg` beside them. */
export const LOG_EVENTS: Readonly<Record<string, string>> = {
  ready: 'listen, endpoints, admin, policy, mode, transport, workers',
  [FINDING_EVENT]: 'exchange, detector, severity, lane, direction, action, taken, subject, rule, reason, explanation, agent, method, path',
  [METRIC.uninspected]: 'exchange, direction, reason, outcome, method, path',
  draining: 'openExchanges',
  'broken-off': 'exchanges',
  'telemetry-lost': 'destination, count, reason',
  'exchange-error': 'where, err',
  'tls-handshake-failed': 'err',
  'key-set-failed': 'issuer',
  'policy-warning': '',
  'stops-changed': 'orders, ended',
  'stops-unreadable': '',
  'stop-failed': 'err',
  'stop-unrecorded': '',
  recording: 'folder, maxBytes, raw',
  'recording-lost': 'count, reason',
  'changes-lost': 'count, reason',
  'store-error': 'err',
  'tools-unreadable': '',
  'usage-unwritable': '',
  'behaviour-read': 'agents, ageMs',
  'behaviour-unread': 'why, err',
  'behaviour-unwritable': 'err',
  'redis-state': 'what, state',
  'worker-ended': 'worker, pid, how, againInMs',
  'worker-back': 'worker, pid',
  'worker-hung': 'worker, pid',
  'worker-loop': 'worker, how, ends',
  'worker-state': 'state',
  'worker-question-failed': 'call, err',
  'questions-lost': 'count, reason',
};
