import type { ASTNode } from '@marcbachmann/cel-js';
import { FIXED } from '../../lib/limits.ts';

/**
 * Bounds of a value and of the steps it takes to have it, when everything that a condition reads has the size `size` together. Both are
 * upper bounds: a text weighs its units, a list or mapping its entries and what they weigh.
 */
interface Estimate {
  readonly weight: number;
  readonly steps: number;
}

/** Units of text that are searched or copied in the time of one step. */
const UNITS_A_STEP = 16;

/**
 * The largest size of what a condition reads (values and text units together) for which it takes no more than `FIXED.conditionSteps`;
 * at most `FIXED.conditionSizeMax`. Undefined when that is less than `FIXED.conditionSizeMin`: loops inside loops.
 */
export function sizeAllowed(condition: ASTNode): number | undefined {
  let size: number = FIXED.conditionSizeMin;
  if (!fits(condition, size)) return undefined;
  while (size * 2 <= FIXED.conditionSizeMax && fits(condition, size * 2)) size *= 2;
  return size;
}

function fits(condition: ASTNode, size: number): boolean {
  return estimate(condition, { size, loops: new Map() }).steps <= FIXED.conditionSteps;
}

interface Scope {
  readonly size: number;
  /** What the variables of the loops around it weigh. */
  readonly loops: ReadonlyMap<string, number>;
}

function estimate(node: ASTNode, scope: Scope): Estimate {
  switch (node.op) {
    case 'value':
      return { weight: typeof node.args === 'string' ? node.args.length + 1 : 1, steps: 1 };
    case 'id':
      return { weight: scope.loops.get(node.args) ?? scope.size, steps: 1 };
    case '.':
    case '.?':
      return after([estimate(node.args[0], scope)], ([value]) => value!.weight);
    case '[]':
    case '[?]':
      return after(all(node.args, scope), ([value]) => value!.weight);
    case 'call':
      return called(node.args[0], all(node.args[1], scope));
    case 'rcall':
      return LOOPS.has(node.args[0]) ? loop(node.args, scope) : called(node.args[0], all([node.args[1], ...node.args[2]], scope));
    case 'list':
      return after(all(node.args, scope), (values) => 1 + values.length + sum(values));
    case 'map':
      return after(all(node.args.flat(), scope), (values) => 1 + values.length + sum(values));
    case '?:':
      return after(all(node.args, scope), (values) => Math.max(...values.map(({ weight }) => weight)));
    case '==':
    case '!=':
      return after(all(node.args, scope), one, (values) => Math.min(...values.map(({ weight }) => weight)));
    case 'in':
      return after(all(node.args, scope), one, (values) => values[1]!.weight);
    case '+':
      return after(all(node.args, scope), sum, textSteps);
    case '!_':
    case '-_':
      return after([estimate(node.args, scope)], one);
    case '||':
    case '&&':
      return after(all(node.args, scope), one);
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '-':
    case '*':
    case '/':
    case '%':
      return after(all(node.args, scope), one, textSteps);
  }
}

function all(nodes: readonly ASTNode[], scope: Scope): readonly Estimate[] {
  return nodes.map((node) => estimate(node, scope));
}

type OfValues = (values: readonly Estimate[]) => number;

/** The estimate of what is made of values: their steps, one more, and its own. */
function after(values: readonly Estimate[], weight: OfValues, own: OfValues = () => 0): Estimate {
  return { weight: weight(values), steps: 1 + own(values) + values.reduce((steps, value) => steps + value.steps, 0) };
}

const one = (): number => 1;
const sum: OfValues = (values) => values.reduce((weight, value) => weight + value.weight, 0);
const textSteps: OfValues = (values) => sum(values) / UNITS_A_STEP;

function called(name: string, values: readonly Estimate[]): Estimate {
  switch (name) {
    case 'split': // one entry for each unit, at most, that it keeps
      return after(values, ([text]) => 2 * text!.weight + 2, sum);
    case 'join': // the separator between all entries
      return after(values, ([list, separator]) => list!.weight * (1 + (separator?.weight ?? 0)), joinSteps);
    case 'emailDomains':
      return after(values, (texts) => 2 * sum(texts) + 2, sum);
    case 'matchesRe2':
      return after(values, one, (texts) => sum(texts) / 4);
    case 'size':
      return after(values, one, sum);
    default:
      return after(values, (texts) => sum(texts) + 1, textSteps);
  }
}

const joinSteps: OfValues = ([list, separator]) => list!.weight * (1 + (separator?.weight ?? 0));

/** Functions that run their argument for every entry. */
export const LOOPS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/**
 * A loop over entries that weigh w₁ … wₙ, together w at most, takes Σ f(wᵢ) steps. Every f made of these rules is a constant and a part
 * that grows at least with its weight, so that Σ f(wᵢ) ≤ n·f(1) + f(w).
 */
function loop([name, receiver, [variable, ...bodies]]: readonly [string, ASTNode, readonly ASTNode[]], scope: Scope): Estimate {
  const list = estimate(receiver, scope);
  const entry = variable?.op === 'id' ? variable.args : '';
  const with_ = (weight: number) => after(all(bodies, { ...scope, loops: new Map([...scope.loops, [entry, weight]]) }), sum);
  const each = with_(1);
  const whole = with_(list.weight);
  const weight = name === 'map' ? list.weight * each.weight + whole.weight : name === 'filter' ? list.weight : 1;
  return { weight, steps: list.steps + list.weight * (each.steps + 1) + whole.steps };
}

/**
 * The size of a value as conditions count it: one for each value in it, and its text units, those of keys too. Stops counting at `max`: a
 * result over it says no more than that.
 */
export function sizeOf(value: unknown, max: number): number {
  let size = 0;
  const open: unknown[] = [value];
  while (open.length > 0 && size <= max) {
    const next = open.pop();
    size++;
    if (typeof next === 'string') size += next.length;
    else if (Array.isArray(next)) size += pushAll(open, next, max);
    else if (typeof next === 'object' && next !== null) {
      for (const [key, field] of Object.entries(next)) {
        size += key.length;
        open.push(field);
      }
    }
  }
  return size;
}

/** Long lists are not taken over when they alone are too large; then only their length counts. */
function pushAll(open: unknown[], list: readonly unknown[], max: number): number {
  if (list.length > max) return list.length;
  for (const entry of list) open.push(entry);
  return 0;
}
