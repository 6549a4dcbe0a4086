import { type Flags, flagOf, resolveSettings, SETTING_NAMES, settingsFiles } from './settings.ts';

const FLAG_WIDTH = Math.max(...SETTING_NAMES.map((name) => flagOf(name).length));

/** `sluice config show`: every setting, its value and where it comes from, to stdout; of a password that there is one. */
export function configShow(flags: Flags & { readonly json?: boolean }): void {
  const resolved = resolveSettings({ flags, environment: process.env, files: settingsFiles(process.env) });
  const settings = { ...resolved, redis: { ...resolved.redis, value: withoutPassword(resolved.redis.value) } };
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ version: 1, settings })}\n`);
    return;
  }
  for (const name of SETTING_NAMES) {
    const { value, origin } = settings[name];
    process.stdout.write(`${flagOf(name).padEnd(FLAG_WIDTH)} ${(value ?? '-').padEnd(28)} ${origin}\n`);
  }
}

/** A URL fit to be shown. */
function withoutPassword(value: string | undefined): string | undefined {
  const url = value === undefined ? null : URL.parse(value);
  if (url === null) return value === undefined ? undefined : 'not a URL';
  if (url.password !== '') url.password = '***';
  return url.href;
}
