import { z } from 'zod';
import type { Budgets } from '../agents/behaviour/budget.ts';
import { BEHAVIOUR_ACTIONS, BEHAVIOUR_NAMES, type BehaviourName } from '../agents/behaviour/finding.ts';
import {
  type BehaviourPolicy,
  type BehaviourRule,
  defaultBehaviourPolicy,
  defaultRule,
  rulesOf,
  SENSITIVITIES,
} from '../agents/behaviour/settings.ts';
import { SEVERITIES } from '../detect/detector.ts';
import { parseDuration } from '../lib/duration.ts';
import { parseAmount } from './amount.ts';

const AMOUNT_MAX = 1e15;
const amount = z.union([z.string(), z.number()]).transform(parseAmount).pipe(z.number().min(0).max(AMOUNT_MAX));

/** `budgets` of an agent, and of everyone of a kind under `behaviour.budgets`. Amounts as numbers or `120`, `200k`, `2M`; money in US dollars. */
export const budgetsSchema = z.strictObject({
  requestsPerMinute: amount.optional(),
  requestsPerDay: amount.optional(),
  tokensPerMinute: amount.optional(),
  tokensPerDay: amount.optional(),
  costPerDay: z.number().min(0).max(1e9).optional(),
  toolCallsPerTurn: amount.optional(),
});

/** Of persons and endpoints: a turn belongs to an agent. */
const commonBudgetsSchema = budgetsSchema.omit({ toolCallsPerTurn: true });
/** Of tools, whose calls are their requests. Nobody knows how many tokens of an answer belong to which of its calls. */
const toolBudgetsSchema = budgetsSchema.pick({ requestsPerMinute: true, requestsPerDay: true });

const ruleSchema = z.strictObject({
  action: z.enum([...BEHAVIOUR_ACTIONS, 'off']).optional(),
  severity: z.enum(SEVERITIES).optional(),
  sensitivity: z.enum(SENSITIVITIES).optional(),
  floor: amount.optional(),
});

/** Those whose window may be chosen. */
const windowedSchema = ruleSchema.extend({
  window: z.union([z.string(), z.number()]).transform(parseDuration).pipe(z.number().min(60_000).max(86_400_000)).optional(),
});

const WINDOWED: ReadonlySet<BehaviourName> = new Set(['loop', 'enumeration']);

const findingShape = Object.fromEntries(
  BEHAVIOUR_NAMES.map((name) => [name, (WINDOWED.has(name) ? windowedSchema : ruleSchema).optional()]),
) as { readonly [Name in BehaviourName]: z.ZodOptional<typeof windowedSchema> }; // one for each name; without `window` where it is fixed

/** The section `behaviour` of a policy. What is not said has the default of `defaultBehaviourPolicy`. */
export const behaviourSchema = z.strictObject({
  sensitivity: z.enum(SENSITIVITIES).optional(),
  coldStartDays: z.int().min(1).max(90).optional(),
  standingHours: z.int().min(1).max(720).optional(),
  budgets: z
    .strictObject({
      agent: budgetsSchema.optional(),
      person: commonBudgetsSchema.optional(),
      endpoint: commonBudgetsSchema.optional(),
      tool: toolBudgetsSchema.optional(),
    })
    .optional(),
  findings: z.strictObject(findingShape).optional(),
});

export type BehaviourSection = z.infer<typeof behaviourSchema>;
export type BudgetsSection = z.infer<typeof budgetsSchema>;

/** Keys allowed at each place below `behaviour` and `agents.*.budgets`, for did-you-mean. */
export const BEHAVIOUR_KEYS: readonly (readonly [place: string, keys: readonly string[]])[] = [
  ['behaviour', Object.keys(behaviourSchema.shape)],
  ['behaviour.budgets', ['agent', 'person', 'endpoint', 'tool']],
  ['behaviour.budgets.*', Object.keys(budgetsSchema.shape)],
  ['behaviour.findings', BEHAVIOUR_NAMES],
  ['behaviour.findings.*', Object.keys(windowedSchema.shape)],
  ['agents.*.budgets', Object.keys(budgetsSchema.shape)],
];

/** What the sections of a policy mean for behaviour; `agents` are those with `budgets`. */
export function behaviourPolicyOf(
  section: BehaviourSection | undefined,
  agents: ReadonlyMap<string, BudgetsSection> = new Map(),
): BehaviourPolicy {
  const defaults = defaultBehaviourPolicy();
  const { sensitivity, coldStartDays, standingHours, budgets = {}, findings = {} } = section ?? {};
  return {
    agents: new Map([...agents].map(([name, row]) => [name, budgetsOf(row)])),
    budgets: Object.fromEntries(Object.entries(budgets).map(([kind, row]) => [kind, budgetsOf(row ?? {})])),
    rules: rulesOf((name) => ruleOf(name, sensitivity, findings[name])),
    coldStartDays: coldStartDays ?? defaults.coldStartDays,
    standingHours: standingHours ?? defaults.standingHours,
  };
}

function ruleOf(
  name: BehaviourName,
  sensitivity: BehaviourSection['sensitivity'],
  row: z.infer<typeof windowedSchema> | undefined,
): BehaviourRule {
  const rule = defaultRule(name);
  return {
    action: row?.action ?? rule.action,
    severity: row?.severity ?? rule.severity,
    sensitivity: row?.sensitivity ?? sensitivity ?? rule.sensitivity,
    floor: row?.floor ?? rule.floor,
    windowMs: row?.window ?? rule.windowMs,
  };
}

/** Without the keys that are not said. */
function budgetsOf(row: BudgetsSection): Budgets {
  return Object.fromEntries(Object.entries(row).filter(([, limit]) => limit !== undefined));
}
