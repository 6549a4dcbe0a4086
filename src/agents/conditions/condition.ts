import { type ASTNode, type TypeError as CelTypeError, ParseError, type ParseResult } from '@marcbachmann/cel-js';
import RE2 from 're2';
import { didYouMean } from '../../lib/did-you-mean.ts';
import { FIXED } from '../../lib/limits.ts';
import { LOOPS, sizeAllowed, sizeOf } from './cost.ts';
import {
  type AgentValue,
  createEnvironment,
  type EndpointValue,
  FUNCTIONS,
  MATCHES,
  type ToolValue,
  VARIABLES,
  type VariableName,
} from './environment.ts';

/** What a condition is evaluated with: the caller, and the one thing it judges. */
export interface ConditionValues {
  readonly agent?: AgentValue;
  readonly tool?: ToolValue;
  readonly endpoint?: EndpointValue;
  readonly model?: string;
  readonly provider?: string;
  readonly mcpMethod?: string;
  readonly resource?: string;
  readonly prompt?: string;
  readonly skill?: string;
  readonly api?: string;
}

/** `error`: it failed or was neither true nor false. `limit`: what it reads is too large to be sure that it ends in time. */
export type ConditionResult = 'true' | 'false' | 'error' | 'limit';

/** A condition of a policy (CEL), checked and ready. */
export interface Condition {
  readonly source: string;
  /** The variables it reads. */
  readonly variables: ReadonlySet<VariableName>;
  /** Whether it reads the arguments of a tool call. */
  readonly readsArguments: boolean;
  /** Largest size of what it reads (values and text units) that it is evaluated for. */
  readonly sizeMax: number;
  /** Never throws. Whoever asks decides what an error means: in `when` a denial, in `unless` no exemption. */
  evaluate(values: ConditionValues): ConditionResult;
}

export type ConditionParse = { readonly ok: true; readonly condition: Condition } | { readonly ok: false; readonly message: string };

/** Makes conditions of one policy. */
export interface ConditionCompiler {
  /** Refused with a message: syntax, unknown names (with the nearest known one), a type that is not bool, a cost without a bound. */
  compile(source: string): ConditionParse;
}

export function createConditionCompiler(): ConditionCompiler {
  const environment = createEnvironment();
  return {
    compile(source) {
      if (source.length > FIXED.conditionUnits) return refuse(`it has ${source.length} characters; ${FIXED.conditionUnits} are allowed`);
      try {
        return checked(source, environment.parse(source));
      } catch (error) {
        if (error instanceof ParseError) return refuse(withPlace(error.summary, error.range?.start, source));
        throw error;
      }
    },
  };
}

function refuse(message: string): ConditionParse {
  return { ok: false, message };
}

function checked(source: string, parsed: ParseResult): ConditionParse {
  const nodes = nodesOf(parsed.ast);
  const problem = nodes.map((node) => functionProblem(node) ?? patternProblem(node)).find((one) => one !== undefined);
  if (problem !== undefined) return refuse(problem);
  for (const node of nodes) if (node.op === 'rcall' && node.args[0] === 'matches') node.args[0] = MATCHES;
  const { valid, type, error } = parsed.check();
  if (!valid) return refuse(error === undefined ? 'it cannot be checked' : typeProblem(error, source));
  if (type !== 'bool') return refuse(`it must be true or false, and gives ${type}`);
  const sizeMax = loopsIn(parsed.ast) > FIXED.conditionLoops ? undefined : sizeAllowed(parsed.ast);
  if (sizeMax === undefined)
    return refuse(`it could take more than ${FIXED.conditionSteps} steps even for small arguments; use fewer loops inside loops`);
  return { ok: true, condition: build({ source, parsed, nodes, sizeMax }) };
}

interface Checked {
  readonly source: string;
  readonly parsed: ParseResult;
  readonly nodes: readonly ASTNode[];
  readonly sizeMax: number;
}

function build({ source, parsed, nodes, sizeMax }: Checked): Condition {
  const names = new Set(nodes.flatMap((node) => (node.op === 'id' ? [node.args] : [])));
  const variables = new Set(VARIABLE_NAMES.filter((name) => names.has(name)));
  const readsArguments = nodes.some((node) => node.op === 'id' && node.args === 'tool') && !onlyReadsName(nodes);
  return {
    source,
    variables,
    readsArguments,
    sizeMax,
    evaluate(values) {
      let size = 0;
      for (const name of variables) size += sizeOf(values[name], sizeMax);
      if (size > sizeMax) return 'limit';
      try {
        const result: unknown = parsed(values);
        return result === true ? 'true' : result === false ? 'false' : 'error';
      } catch {
        return 'error'; // the message could hold text from traffic
      }
    },
  };
}

const VARIABLE_NAMES = Object.keys(VARIABLES) as readonly VariableName[];

/** Whether every mention of `tool` is `tool.name`. */
function onlyReadsName(nodes: readonly ASTNode[]): boolean {
  const mentions = nodes.filter((node) => node.op === 'id' && node.args === 'tool').length;
  const names = nodes.filter(
    (node) => node.op === '.' && node.args[0].op === 'id' && node.args[0].args === 'tool' && node.args[1] === 'name',
  );
  return mentions === names.length;
}

/** Every node, parents first. `FIXED.conditionNodes` bounds it. */
function nodesOf(root: ASTNode): readonly ASTNode[] {
  const nodes: ASTNode[] = [root];
  for (let at = 0; at < nodes.length; at++) nodes.push(...childrenOf(nodes[at]!));
  return nodes;
}

/** The most loops inside each other. `FIXED.conditionDepth` bounds the recursion. */
function loopsIn(node: ASTNode): number {
  const own = node.op === 'rcall' && LOOPS.has(node.args[0]) ? 1 : 0;
  return own + Math.max(0, ...childrenOf(node).map(loopsIn));
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

function functionProblem(node: ASTNode): string | undefined {
  if (node.op !== 'call' && node.op !== 'rcall') return undefined;
  const [name] = node.args;
  if ((FUNCTIONS as readonly string[]).includes(name)) return undefined;
  return `unknown function "${name}"${didYouMean(name, FUNCTIONS) || `; known: ${FUNCTIONS.join(', ')}`}`;
}

/** A pattern from traffic would be a program from traffic. */
function patternProblem(node: ASTNode): string | undefined {
  if (node.op !== 'rcall' || node.args[0] !== 'matches') return undefined;
  const [pattern] = node.args[2];
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string') return 'matches() needs a pattern that stands in the policy, in quotes';
  try {
    void new RE2(pattern.args, 'u');
    return undefined;
  } catch {
    return `not a pattern that RE2 can run: ${JSON.stringify(pattern.args)} (no look-around, no back-references)`;
  }
}

function typeProblem(error: ParseError | CelTypeError, source: string): string {
  const written = source.slice(error.range?.start ?? 0, error.range?.end ?? 0);
  if (error.code === 'unknown_variable')
    return `unknown name "${written}"${didYouMean(written, VARIABLE_NAMES) || `; known: ${VARIABLE_NAMES.join(', ')}`}`;
  if (error.code === 'no_such_key') {
    const key = written.slice(written.lastIndexOf('.') + 1);
    return `${error.summary}${didYouMean(key, Object.values(VARIABLES).flat())}`;
  }
  return withPlace(error.summary, error.range?.start, source);
}

function withPlace(message: string, at: number | undefined, source: string): string {
  return at === undefined || at >= source.length ? message : `${message}, at "${source.slice(at, at + 20)}"`;
}
