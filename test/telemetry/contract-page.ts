import { ATTRIBUTES, type AttributeRow, LOG_EVENTS, METRICS, type MetricRow } from '../../src/telemetry/contract.ts';
import { FINDING_EVENT, HTTP_REVISION, SEMCONV_REVISION } from '../../src/telemetry/semconv.ts';

const INTRO = `# Telemetry

Every name that leaves Sluice, written from \`src/telemetry/contract.ts\` by \`npm run docs\`; tests compare the two and hold the names against the
published conventions. An exchange is one SERVER span. A finding is a span \`run_guardrail <detector>\` below it and a log event
\`${FINDING_EVENT}\`, both with the same attributes; they go to your own backend. The inventory gets the exchange alone, with its findings in
\`sluice.finding.*\`. It also gets a span \`policy\`, from when the filter took the policy until now, at once and every minute: whoever hears nothing
knows that the filter is gone. Below the first and every 60th of them a span \`grants <agent>\` says what the policy grants each of its agents, at most
4,096 entries of 512 agents in all.

An exchange with a finding is exported whatever \`OTEL_TRACES_SAMPLER\` and the client's flag say; the inventory gets every exchange.

## What is not lost

While the inventory is away, spans for it wait on disk in \`spool\` of the state folder, oldest first, at most \`--spool-bytes\` (256 MiB; 0 turns
it off). They leave when it is back, also from the next process. Answers 429, 502, 503 and 504 are tried again; any other refusal is final.
A process that is killed takes along what it had in memory: about the last quarter of a second, a second once 4,096 files wait. What is
lost is counted in \`sluice.telemetry.lost\` with its reason. Your own backend is fed by the OpenTelemetry SDK and has no
spool; spans and log records that it cannot deliver are counted too.
Processes that share a state folder send to one inventory: who starts next takes over what one that ended has left.`;

const REVISIONS = {
  http: { title: 'HTTP and resource', says: `OpenTelemetry semantic conventions ${HTTP_REVISION}; stable.` },
  genAi: { title: 'GenAI', says: `\`${SEMCONV_REVISION}\`; in development there, so names may change.` },
  guardrail: {
    title: 'Guardrails',
    says: 'Experimental: a proposal (pull request 427 of semantic-conventions-genai) that no revision has.',
  },
  sluice: { title: 'Sluice', says: 'Our own; names stay within a major version.' },
} as const;
export type Revision = keyof typeof REVISIONS;

/** Which convention a name belongs to. */
export function revisionOf(name: string): Revision {
  if (name.startsWith('sluice.')) return 'sluice';
  if (name.startsWith('gen_ai.security.')) return 'guardrail';
  return name.startsWith('gen_ai.') ? 'genAi' : 'http';
}

/** The content of `docs/telemetry.md`. */
export function renderTelemetry(): string {
  const attributes = (Object.keys(REVISIONS) as Revision[]).flatMap(attributeSection);
  return `${[INTRO, '## Attributes', ...attributes, ...metricSection(), ...logSection()].join('\n\n')}\n`;
}

const cell = (content: string): string => content.replaceAll('|', '\\|');
const line = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

function attributeSection(revision: Revision): readonly string[] {
  const { title, says } = REVISIONS[revision];
  const rows = (Object.entries(ATTRIBUTES) as [string, AttributeRow][])
    .filter(([name]) => revisionOf(name) === revision)
    .map(([name, { type, on, when, what, example }]) =>
      line(`\`${name}\``, type, on.join(', '), when === '' ? 'always' : `when ${when}`, what, `\`${example}\``),
    );
  return [
    `### ${title}`,
    says,
    [line('attribute', 'type', 'on', 'there', 'what', 'example'), '|---|---|---|---|---|---|', ...rows].join('\n'),
  ];
}

function metricSection(): readonly string[] {
  const rows = (Object.entries(METRICS) as [string, MetricRow][]).map(([name, { kind, unit, what, by }]) =>
    line(`\`${name}\``, kind, `\`${unit}\``, by.map((attribute) => `\`${attribute}\``).join(', '), what),
  );
  return [
    '## Metrics',
    'Our own, to your backend.',
    [line('metric', 'kind', 'unit', 'by', 'what'), '|---|---|---|---|---|', ...rows].join('\n'),
  ];
}

function logSection(): readonly string[] {
  const rows = Object.entries(LOG_EVENTS).map(([event, fields]) => line(`\`${event}\``, fields === '' ? '–' : fields));
  const says =
    'One JSON object a line on stderr, with `level`, `time`, `pid`, `name`, `msg`, and `event` where a line has one. A field without a value is left out.';
  return ['## Log', says, [line('event', 'fields'), '|---|---|', ...rows].join('\n')];
}
