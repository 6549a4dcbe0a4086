import { z } from 'zod';
import { DURATION_UNITS, parseDuration } from '../../lib/duration.ts';
import { PROVING_SOURCES } from '../identity/claim.ts';
import { PUBLIC_KEY_ALGORITHMS, SECRET_ALGORITHMS } from '../identity/identity-policy.ts';

const text = z.string().min(1).max(2048);
/** One text, or a list of them. */
const texts = z.preprocess((written) => (typeof written === 'string' ? [written] : written), z.array(text).min(1).max(100));
const globs = z.array(text).max(1000);

function duration({ min, max }: { readonly min: number; readonly max: number }) {
  const message = `expected a duration from ${min}s to ${max}s; write it as 90s or 5m (units: ${DURATION_UNITS.join(', ')})`;
  return z
    .union([z.string(), z.number()])
    .transform((written) => (typeof written === 'number' ? written : (parseDuration(written) ?? Number.NaN) / 1000))
    .refine((seconds) => seconds >= min && seconds <= max, { message });
}

/** A list is short for its `allow`. */
const allowList = (written: unknown): unknown => (Array.isArray(written) ? { allow: written } : written);
const lists = { allow: globs.optional(), deny: globs.optional() };
const listSchema = z.preprocess(allowList, z.strictObject(lists));
const declared = z.enum(['remove', 'deny']).optional();
const toolsSchema = z.preprocess(allowList, z.strictObject({ ...lists, declared }));

const identifySchema = z.strictObject({
  spiffe: texts.optional(),
  mtlsSan: texts.optional(),
  mtlsCn: texts.optional(),
  jwt: z.record(text, texts).optional(),
  apiKeyHash: texts.optional(),
  header: z.record(text, texts).optional(),
  mcpClient: texts.optional(),
  userAgent: texts.optional(),
});

const mcpSchema = z.strictObject({
  methods: listSchema.optional(),
  resources: listSchema.optional(),
  prompts: listSchema.optional(),
});

/** A row without what other rooms add to it. */
export const agentSchema = z.strictObject({
  identify: identifySchema.optional(),
  profile: z.string().optional(),
  models: listSchema.optional(),
  providers: listSchema.optional(),
  endpoints: listSchema.optional(),
  tools: toolsSchema.optional(),
  mcp: mcpSchema.optional(),
  skills: listSchema.optional(),
  apis: listSchema.optional(),
  when: text.max(4096).optional(),
});

/** `agents:`, in which `unknown` is what becomes of everybody else. */
export const agentsSchema = agentsOf(agentSchema);

/** As `agentsSchema`, with other rows. */
export function agentsOf<T extends z.ZodType>(row: T) {
  return z.object({ unknown: z.enum(['observe', 'deny']).optional() }).catchall(row);
}

const apiSchema = z.strictObject({ host: text, path: text.optional() });

/** `apis:`, the declared APIs by name. */
export const apisSchema = z.record(z.string(), apiSchema);

const sanitizedSchema = { sanitizedBy: z.literal('envoy') };

const jwtSchema = z.strictObject({
  issuer: text,
  audience: texts,
  jwksUrl: z.url().max(2048).optional(),
  jwksFile: text.optional(),
  secretFile: text.optional(),
  algorithms: z
    .array(z.enum([...PUBLIC_KEY_ALGORITHMS, ...SECRET_ALGORITHMS]))
    .min(1)
    .optional(),
  type: text.optional(),
  required: z.array(text).max(100).optional(),
  clockSkew: duration({ min: 0, max: 300 }).optional(),
  maxAge: duration({ min: 1, max: 31_536_000 }).optional(),
});

/** `identity:`: what may say who calls, and whom it is believed. */
export const identitySchema = z.strictObject({
  sources: z.array(z.enum(PROVING_SOURCES)).min(1).optional(),
  jwt: z.array(jwtSchema).max(100).optional(),
  jwtAuthn: texts.optional(),
  xfcc: z.strictObject({ ...sanitizedSchema, trustedHops: z.int().min(0).max(16).optional() }).optional(),
  headers: z.record(text, z.strictObject(sanitizedSchema)).optional(),
});

/** `identity`, `agents` and `apis` of a policy document. */
export interface AgentDocument {
  readonly identity?: z.infer<typeof identitySchema> | undefined;
  readonly agents?: z.infer<typeof agentsSchema> | undefined;
  readonly apis?: z.infer<typeof apisSchema> | undefined;
}
/** A row of `agents:`. */
export type AgentRow = z.infer<typeof agentSchema>;
export type ListRow = z.infer<typeof listSchema>;
export type IdentifyRow = z.infer<typeof identifySchema>;
export type JwtRow = z.infer<typeof jwtSchema>;

/** Keys allowed at the places of these three, for did-you-mean; `*` stands for any name or index. */
export const AGENT_KEYS: readonly (readonly [place: string, keys: readonly string[]])[] = [
  ['identity', Object.keys(identitySchema.shape)],
  ['identity.jwt.*', Object.keys(jwtSchema.shape)],
  ['identity.xfcc', ['sanitizedBy', 'trustedHops']],
  ['identity.headers.*', ['sanitizedBy']],
  ['agents.*', Object.keys(agentSchema.shape)],
  ['agents.*.identify', Object.keys(identifySchema.shape)],
  ['agents.*.tools', ['allow', 'deny', 'declared']],
  ['agents.*.mcp', Object.keys(mcpSchema.shape)],
  ...['models', 'providers', 'endpoints', 'skills', 'apis', 'mcp.methods', 'mcp.resources', 'mcp.prompts'].map(
    (list) => [`agents.*.${list}`, ['allow', 'deny']] as const,
  ),
  ['apis.*', Object.keys(apiSchema.shape)],
];

export type AgentEntry = readonly [name: string, row: AgentRow];

/** The rows of `agents:` without `unknown`, in the order of the file. */
export function agentRows({ agents }: AgentDocument): readonly AgentEntry[] {
  return Object.entries(agents ?? {}).flatMap(([name, row]): readonly AgentEntry[] => (typeof row === 'object' ? [[name, row]] : []));
}

/** Whether a row has any list or condition. */
export function isRestricted(row: AgentRow): boolean {
  return row.when !== undefined || row.mcp !== undefined || RESTRICTING.some((key) => row[key] !== undefined);
}

const RESTRICTING = ['models', 'providers', 'endpoints', 'tools', 'skills', 'apis'] as const;
