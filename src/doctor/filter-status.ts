import { z } from 'zod';

const reload = { lastFailedReload: z.object({ at: z.string(), message: z.string() }).optional() };
const counts = z.record(z.string(), z.number());

/** What of a filter's `/status` is looked at; a field that an older filter does not have is absent. */
const statusSchema = z.object({
  ready: z.boolean(),
  policy: z.object({ version: z.string(), mode: z.enum(['observe', 'enforce']), source: z.string().default(''), ...reload }),
  tls: z.object({ notAfter: z.string(), clients: z.string().optional(), ...reload }).optional(),
  redis: z.object({ budgets: z.string(), stops: z.string() }).optional(),
  endpoints: z.array(z.string()).default([]),
  workers: z
    .array(
      z.object({
        worker: z.number(),
        state: z.enum(['starting', 'ready', 'waiting']),
        restarts: z.number(),
        lastEnd: z.string().optional(),
        policy: z.string().optional(),
      }),
    )
    .optional(),
  traffic: z.object({ uninspected: counts, lost: counts }),
});

/** What a running filter says of itself at its admin address, as far as doctor looks at it. */
export type FilterStatus = z.infer<typeof statusSchema>;

/** Undefined: it is no `/status` of a filter. */
export function readFilterStatus(text: string): FilterStatus | undefined {
  const read = statusSchema.safeParse(parsed(text));
  return read.success ? read.data : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
