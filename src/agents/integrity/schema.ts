import { z } from 'zod';

const handling = z.enum(['observe', 'withhold']);

/** `toolIntegrity:`, what becomes of tools whose definitions are not what they were. */
export const toolIntegritySchema = z.strictObject({
  changed: handling.optional(),
  unapproved: z.enum(['off', 'observe', 'withhold']).optional(),
  shadowed: handling.optional(),
  keepDefinitions: z.boolean().optional(),
});

/** Keys allowed at this place, for did-you-mean. */
export const TOOL_INTEGRITY_KEYS: readonly (readonly [place: string, keys: readonly string[]])[] = [
  ['toolIntegrity', Object.keys(toolIntegritySchema.shape)],
];

/** `toolIntegrity:` with its defaults: changed and shadowed tools are seen, approval is not asked for, no text is kept. */
export interface ToolIntegrityPolicy {
  readonly changed: 'observe' | 'withhold';
  readonly unapproved: 'off' | 'observe' | 'withhold';
  readonly shadowed: 'observe' | 'withhold';
  /** Whether definitions are kept as text, so that `sluice tools diff` shows what changed and not only that it did. */
  readonly keepDefinitions: boolean;
}

/** Undefined: the policy says nothing of it, and definitions are not looked at. */
export function toolIntegrityOf(written: z.infer<typeof toolIntegritySchema> | undefined): ToolIntegrityPolicy | undefined {
  if (written === undefined) return undefined;
  const { changed = 'observe', unapproved = 'off', shadowed = 'observe', keepDefinitions = false } = written;
  return { changed, unapproved, shadowed, keepDefinitions };
}
