import { z } from 'zod';
import { TOOL_CLASSES } from './tool-class.ts';

const classes = z.array(z.enum(TOOL_CLASSES)).min(1);

const flowSchema = z.strictObject({
  all: classes,
  to: classes,
  action: z.enum(['observe', 'deny']),
  allowAsked: z.boolean().optional(),
  unless: z.string().min(1).optional(),
});

/** `flows:`, what one conversation may not combine. */
export const flowsSchema = z.array(flowSchema).max(100);

/** `toolClasses:`, what tools do, by a glob over their names; an empty list says that a tool does none of it. */
export const toolClassesSchema = z.record(z.string().min(1).max(256), z.array(z.enum(TOOL_CLASSES)));

export type FlowRow = z.infer<typeof flowSchema>;

/** Keys allowed at these places, for did-you-mean. */
export const FLOW_KEYS: readonly (readonly [place: string, keys: readonly string[]])[] = [['flows.*', Object.keys(flowSchema.shape)]];
