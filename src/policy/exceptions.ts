import { AGENT_FINDINGS } from '../agents/finding.ts';
import type { AgentPolicy, AgentRule } from '../agents/permissions/agent-policy.ts';
import { didYouMean } from '../lib/did-you-mean.ts';
import { compileGlob, type Glob } from '../lib/glob.ts';
import { normaliseHost, normalisePath } from '../lib/normalise-path.ts';
import type { Lane } from '../text/lane.ts';
import type { RouteQuery } from './policy.ts';
import type { PolicyProblem } from './problem.ts';
import { pathProblem } from './routes.ts';
import type { ExceptionRow } from './schema.ts';
import { compileSelector } from './settings.ts';
import type { YamlDocument } from './yaml-source.ts';

/** A row of `exceptions`: what of which traffic is only observed, and until when. */
export interface Exception {
  /** `exceptions[<index>]`, the rule that its findings name. */
  readonly place: string;
  readonly selects: (detector: string) => boolean;
  readonly agent: Glob | undefined;
  readonly host: Glob | undefined;
  readonly path: Glob | undefined;
  readonly routeName: Glob | undefined;
  /** Undefined: in every lane. */
  readonly lane: Lane | undefined;
  /** Unix milliseconds from which it excepts nothing: the end of its last day in UTC. NaN for what is no date, an error of its own. */
  readonly untilMs: number;
  readonly row: ExceptionRow;
}

/** One exchange as exceptions see it. */
export interface ExceptionQuery extends RouteQuery {
  /** Undefined: nobody was asked who calls. */
  readonly agent: Pick<AgentRule, 'name' | 'standing'> | undefined;
  readonly nowMs: number;
}

/** What only conversations as a whole show, and what a policy has no finer word for. */
const EXCEPTED_FLOWS: readonly string[] = ['exfil.flow', 'tool.harmful-flow'];

const DAY_MS = 86_400_000;

export function compileExceptions(rows: readonly ExceptionRow[]): readonly Exception[] {
  return rows.map((row, index) => ({
    place: `exceptions[${index}]`,
    selects: compileSelector(row.detector).selects,
    agent: row.agent === undefined ? undefined : compileGlob(row.agent, { separator: '' }),
    host: row.host === undefined ? undefined : compileGlob(normaliseHost(row.host), { separator: '.' }),
    path: row.path === undefined ? undefined : compileGlob(row.path, { separator: '/', bareParent: true }),
    routeName: row.routeName === undefined ? undefined : compileGlob(row.routeName, { separator: '' }),
    lane: row.lane,
    untilMs: endOfDay(row.until),
    row,
  }));
}

/** The exceptions that hold for an exchange. One for an agent holds when it has proven to be it: what a client says grants nothing. */
export function exceptionsFor(exceptions: readonly Exception[], { agent, nowMs, ...query }: ExceptionQuery): readonly Exception[] {
  if (exceptions.length === 0) return exceptions;
  const host = normaliseHost(query.host);
  const path = normalisePath(query.path);
  const fits = (glob: Glob | undefined, name: string | undefined): boolean =>
    glob === undefined || (name !== undefined && glob.matches(name));
  const proven = agent?.standing === 'proven' ? agent.name : undefined;
  return exceptions.filter(
    (one) =>
      nowMs < one.untilMs &&
      fits(one.agent, proven) &&
      fits(one.host, host) &&
      fits(one.path, path) &&
      fits(one.routeName, query.routeName),
  );
}

/** The first exception that covers a finding in a lane. */
export function exceptionOf(exceptions: readonly Exception[], detector: string, lane: Lane): Exception | undefined {
  return exceptions.find((one) => (one.lane === undefined || one.lane === lane) && one.selects(detector));
}

/** The same for what is found of conversations; everything else about agents has its own place in a policy. */
export function flowExceptionOf(exceptions: readonly Exception[], finding: string, lane: Lane): Exception | undefined {
  return EXCEPTED_FLOWS.includes(finding) ? exceptionOf(exceptions, finding, lane) : undefined;
}

export interface ExceptionNames {
  /** Ids of every detector, those of the policy too. */
  readonly detectors: readonly string[];
  readonly agents: AgentPolicy;
}

/** Rows that name nothing there is, or no day. */
export function exceptionErrors(rows: readonly ExceptionRow[], names: ExceptionNames, yaml: YamlDocument): readonly PolicyProblem[] {
  return rows.flatMap((row, index) => {
    const found = {
      detector: selectorProblem(row.detector, names.detectors),
      agent: row.agent === undefined ? undefined : agentProblem(row.agent, names.agents),
      path: row.path === undefined ? undefined : pathProblem(row.path),
      until: Number.isNaN(endOfDay(row.until)) ? `"${row.until}" is no day; write it as 2027-03-31` : undefined,
    };
    return Object.entries(found).flatMap(([key, message]) =>
      message === undefined ? [] : [yaml.problemAt(['exceptions', index, key], `exceptions › [${index}] › ${message}`)],
    );
  });
}

/** Rows that except nothing any more, or more than somebody will have meant. `nowMs` undefined: nobody knows what day it is. */
export function exceptionWarnings(
  exceptions: readonly Exception[],
  { agents, nowMs }: { readonly agents: AgentPolicy; readonly nowMs: number | undefined },
  yaml: YamlDocument,
): readonly PolicyProblem[] {
  return exceptions.flatMap(({ row, agent, untilMs }, index) => {
    const at = (key: string, message: string): PolicyProblem =>
      yaml.problemAt(['exceptions', index, key], `exceptions › [${index}] › ${message}`);
    if (nowMs !== undefined && nowMs >= untilMs)
      return [at('until', `expired after ${row.until} and excepts nothing; remove the row, or give it another day`)];
    const warnings: PolicyProblem[] = [];
    const isStated = agent !== undefined && agents.agents.every(({ name, standing }) => !agent.matches(name) || standing === 'stated');
    if (isStated) warnings.push(at('agent', 'excepts nothing: the agent is known only by what a client says of itself'));
    if (row.agent === undefined && row.routeName === undefined && (row.host !== undefined || row.path !== undefined))
      warnings.push(at('detector', 'host and path are chosen by the client; name the agent or the routeName too'));
    if (row.agent === undefined && row.routeName === undefined && row.host === undefined && row.path === undefined)
      warnings.push(at('detector', 'holds for everybody everywhere; name an agent, a routeName, or a host and path'));
    return warnings;
  });
}

function selectorProblem(selector: string, detectors: readonly string[]): string | undefined {
  const { exact, selects } = compileSelector(selector);
  if ([...detectors, ...EXCEPTED_FLOWS].some(selects)) return undefined;
  if (Object.keys(AGENT_FINDINGS).some(selects) || selector.startsWith('behaviour.'))
    return `"${selector}" is no matter of exceptions: what an agent may do, and how it behaves, stands under "agents", "toolIntegrity" and "behaviour"`;
  const hint = didYouMean(selector, [...detectors, ...EXCEPTED_FLOWS]);
  return `${exact ? `unknown detector "${selector}"` : `"${selector}" selects no detector`}${hint}`;
}

function agentProblem(written: string, { agents }: AgentPolicy): string | undefined {
  const glob = compileGlob(written, { separator: '' });
  const names = agents.map(({ name }) => name);
  return names.some(glob.matches) ? undefined : `unknown agent "${written}"${didYouMean(written, names)}`;
}

/** Whether a finding is one that a policy can except: of a detector or of a flow, not of what an agent may do or how it behaves. */
export function isExceptable(finding: string): boolean {
  const isOfAgents = Object.hasOwn(AGENT_FINDINGS, finding) || finding.startsWith('agent.') || finding.startsWith('behaviour.');
  return !isOfAgents || EXCEPTED_FLOWS.includes(finding);
}

/** The first millisecond after a day that is written as 2027-03-31; NaN for anything else. */
export function endOfDay(day: string): number {
  const startMs = Date.parse(`${day}T00:00:00Z`);
  // Date.parse takes 2027-02-30 for a day of March.
  return !Number.isNaN(startMs) && new Date(startMs).toISOString().startsWith(`${day}T`) ? startMs + DAY_MS : Number.NaN;
}
