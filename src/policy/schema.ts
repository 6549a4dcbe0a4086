import { z } from 'zod';
import { FLOW_KEYS, flowsSchema, toolClassesSchema } from '../agents/conversation/schema.ts';
import { TOOL_INTEGRITY_KEYS, toolIntegritySchema } from '../agents/integrity/schema.ts';
import { AGENT_KEYS, agentSchema, agentsOf, apisSchema, identitySchema } from '../agents/permissions/schema.ts';
import { SEVERITIES } from '../detect/detector.ts';
import { FIXED, type Limits } from '../lib/limits.ts';
import { LANES } from '../text/lane.ts';
import { BEHAVIOUR_KEYS, behaviourSchema, budgetsSchema } from './behaviour-schema.ts';
import { parseSize } from './size.ts';

/** What a row can do with a detector: an action, or not to run it. */
export const ROW_ACTIONS = ['observe', 'tokenize', 'redact', 'deny', 'off'] as const;
export type RowAction = (typeof ROW_ACTIONS)[number];

/** What becomes of a request's accept-encoding when enforcing. */
export const ACCEPT_ENCODINGS = ['keep', 'strip'] as const;

/** Smallest and largest value of each limit, in its own unit. */
export const LIMIT_RANGES = {
  bodyBytes: { min: 1024, max: 1024 ** 3, size: true },
  eventBytes: { min: 1024, max: 1024 ** 3, size: true },
  holdBytes: { min: 64, max: 64 * 1024, size: true },
  findings: { min: 1, max: 100_000, size: false },
  jsonDepth: { min: 1, max: 1000, size: false },
  decompressRatio: { min: 10, max: 100_000, size: false },
} as const satisfies Record<keyof Limits, { readonly min: number; readonly max: number; readonly size: boolean }>;

const lanes = z.array(z.enum(LANES)).min(1);

const row = {
  severity: z.enum(SEVERITIES).optional(),
  action: z.enum(ROW_ACTIONS).optional(),
  lanes: lanes.optional(),
  minScore: z.number().min(0).max(1).optional(),
};

const rowSchema = z.strictObject(row);

const listEntries = z.array(z.string().min(1).max(255)).max(FIXED.listEntries);

/** An allow list that is empty allows nothing; without one everything is allowed that `deny` does not name. */
const allowDeny = z
  .strictObject({ allow: listEntries.optional(), deny: listEntries.min(1).optional() })
  .refine(({ allow, deny }) => allow !== undefined || deny !== undefined, 'needs "allow" or "deny"');
const CANARY_TOKEN = /^[A-Za-z0-9][A-Za-z0-9._-]{6,62}[A-Za-z0-9]$/;

const detectorSchema = z.strictObject({
  ...row,
  pattern: z.string().min(1).max(10_000).optional(),
  flags: z.string().max(8).optional(),
  keywords: z.array(z.string().min(1).max(64)).min(1).max(100).optional(),
  phrases: listEntries.min(1).optional(),
  file: z.string().min(1).max(1024).optional(),
  urls: allowDeny.optional(),
  code: allowDeny.optional(),
  /** Canaries of `leak.canary`: letters and digits, between them dots, dashes and underscores too. */
  tokens: z
    .array(z.string().regex(CANARY_TOKEN, 'expected a token of 8 to 64 letters and digits, with dots, dashes or underscores between them'))
    .min(1)
    .max(100)
    .optional(),
  examples: z
    .strictObject({ finds: z.array(z.string()).max(1000).optional(), ignores: z.array(z.string()).max(1000).optional() })
    .optional(),
});

/** What an exception holds for: every scope that it names. `until` is its last day, in UTC. */
const exceptionSchema = z.strictObject({
  detector: z.string().min(1).max(255),
  agent: z.string().min(1).max(255).optional(),
  host: z.string().min(1).max(255).optional(),
  path: z.string().min(1).max(1024).optional(),
  routeName: z.string().min(1).max(255).optional(),
  lane: z.enum(LANES).optional(),
  until: z.string().min(1).max(32),
  reason: z.string().min(1).max(1000),
  by: z.string().min(1).max(255).optional(),
});

const failDecision = z.enum(['allow', 'deny']);
const openOrClosed = z.enum(['open', 'closed']);

function limit({ min, max, size }: { readonly min: number; readonly max: number; readonly size: boolean }) {
  return size
    ? z.union([z.string(), z.number()]).transform(parseSize).pipe(z.number().min(min).max(max)).optional()
    : z.int().min(min).max(max).optional();
}

/** The keys of a policy file that this version carries out. Everything else is an error, never accepted and left undone. */
export const policySchema = z.strictObject({
  version: z.literal(1),
  extends: z.string().optional(),
  mode: z.enum(['observe', 'enforce']).optional(),
  acceptEncoding: z.enum(ACCEPT_ENCODINGS).optional(),
  failMode: z
    .strictObject({
      request: openOrClosed.optional(),
      response: openOrClosed.optional(),
      onLimit: failDecision.optional(),
      onUninspectable: failDecision.optional(),
      onOpaque: failDecision.optional(),
    })
    .optional(),
  limits: z
    .strictObject({
      bodyBytes: limit(LIMIT_RANGES.bodyBytes),
      eventBytes: limit(LIMIT_RANGES.eventBytes),
      holdBytes: limit(LIMIT_RANGES.holdBytes),
      findings: limit(LIMIT_RANGES.findings),
      jsonDepth: limit(LIMIT_RANGES.jsonDepth),
      decompressRatio: limit(LIMIT_RANGES.decompressRatio),
    })
    .optional(),
  identity: identitySchema.optional(),
  agents: agentsOf(agentSchema.extend({ budgets: budgetsSchema.optional() })).optional(),
  behaviour: behaviourSchema.optional(),
  apis: apisSchema.optional(),
  flows: flowsSchema.optional(),
  toolClasses: toolClassesSchema.optional(),
  toolIntegrity: toolIntegritySchema.optional(),
  detectors: z.record(z.string(), detectorSchema).optional(),
  profiles: z
    .record(z.string(), z.strictObject({ extends: z.string().optional(), set: z.record(z.string(), rowSchema).optional() }))
    .optional(),
  routes: z
    .array(
      z.strictObject({
        match: z.strictObject({
          host: z.string().min(1).max(255).optional(),
          path: z.string().min(1).max(1024).optional(),
          routeName: z.string().min(1).max(255).optional(),
        }),
        profile: z.string().optional(),
        dialect: z.string().optional(),
      }),
    )
    .max(1000)
    .optional(),
  exceptions: z.array(exceptionSchema).max(FIXED.exceptions).optional(),
});

export type PolicyDocument = z.infer<typeof policySchema>;
export type DetectorRow = z.infer<typeof detectorSchema>;
export type SettingsRow = z.infer<typeof rowSchema>;
export type ExceptionRow = z.infer<typeof exceptionSchema>;
export type RouteRow = NonNullable<PolicyDocument['routes']>[number];

/** Names that Sluice's policy language has and this version does not carry out yet, by the place they stand in. */
export const LATER = {
  top: ['shadowPolicy', 'includes'],
  limits: ['toolCallBytes'],
  match: ['agent', 'tool', 'model'],
} as const;

/** What says what an own detector finds: a row has one of them, `phrases` and `file` count as one. */
export const DECLARING_KEYS = ['pattern', 'phrases', 'file', 'urls', 'code'] as const;

/** Keys that only an own detector has. */
export const OWN_KEYS = [...DECLARING_KEYS, 'flags', 'keywords', 'examples'] as const;

/** Keys allowed at a place, for did-you-mean. `*` stands for any name or index. */
export const KNOWN_KEYS: readonly (readonly [place: string, keys: readonly string[]])[] = [
  ['', Object.keys(policySchema.shape)],
  ['failMode', ['request', 'response', 'onLimit', 'onUninspectable', 'onOpaque']],
  ['limits', Object.keys(LIMIT_RANGES)],
  ['detectors.*', Object.keys(detectorSchema.shape)],
  ['detectors.*.examples', ['finds', 'ignores']],
  ['detectors.*.urls', ['allow', 'deny']],
  ['detectors.*.code', ['allow', 'deny']],
  ['profiles.*', ['extends', 'set']],
  ['profiles.*.set.*', Object.keys(rowSchema.shape)],
  ['routes.*', ['match', 'profile', 'dialect']],
  ['routes.*.match', ['host', 'path', 'routeName']],
  ['exceptions.*', Object.keys(exceptionSchema.shape)],
  ...AGENT_KEYS.map(([place, keys]) => [place, place === 'agents.*' ? [...keys, 'budgets'] : keys] as const),
  ...BEHAVIOUR_KEYS,
  ...FLOW_KEYS,
  ...TOOL_INTEGRITY_KEYS,
];
