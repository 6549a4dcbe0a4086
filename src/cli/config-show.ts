import { type Flags, flagOf, isSecret, resolveSettings, SETTING_NAMES, type Setting, type SettingName, settingsFiles } from './settings.ts';

const FLAG_WIDTH = Math.max(...SETTING_NAMES.map((name) => flagOf(name).length));

/** `sluice config show`: every setting, its value and where it comes from, to stdout; of a password that there is one. */
export function configShow(flags: Flags & { readonly json?: boolean }): void {
  const resolved = resolveSettings({ flags, environment: process.env, files: settingsFiles(process.env) });
  const settings = Object.fromEntries(SETTING_NAMES.map((name) => [name, shown(name, resolved[name])])) as typeof resolved;
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ version: 1, settings })}\n`);
    return;
  }
  for (const name of SETTING_NAMES) {
    const { value, origin } = settings[name];
    process.stdout.write(`${flagOf(name).padEnd(FLAG_WIDTH)} ${(value ?? '-').padEnd(28)} ${origin}\n`);
  }
}

function shown(name: SettingName, { value, origin }: Setting): Setting {
  if (name === 'redis') return { value: withoutPassword(value), origin };
  return { value: isSecret(name) && value !== undefined ? '***' : value, origin };
}

/** A URL fit to be shown. */
function withoutPassword(value: string | undefined): string | undefined {
  const url = value === undefined ? null : URL.parse(value);
  if (url === null) return value === undefined ? undefined : 'not a URL';
  if (url.password !== '') url.password = '***';
  return url.href;
}
