/** Presets that a policy can extend by the name `builtin/<key>`. */
export const PRESET_NAMES = ['observe', 'balanced', 'strict'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/**
 * The texts of the presets. They stand here because this room reads no files; `policies/<name>.yaml` holds the same text for people to read
 * and copy, and a test compares the two.
 */
export const PRESETS: Readonly<Record<PresetName, string>> = {
  observe: `# Balanced, watched: the same findings, nothing changed, nothing denied.
version: 1
extends: builtin/balanced
mode: observe
failMode: {request: open, response: open, onLimit: allow, onUninspectable: allow, onOpaque: allow}
`,
  balanced: `# The default: personal data, secrets and instructions that an answer repeats are redacted, prompt injection is denied, everything else is
# seen and let through.
version: 1
extends: none
mode: enforce
failMode: {request: closed, response: closed, onLimit: deny, onUninspectable: deny, onOpaque: allow}
detectors:
  pii.card: {action: redact}
  pii.iban: {action: redact}
  pii.us-ssn: {action: redact}
  # Addresses and numbers are what tools are called with, and what tools and system prompts are written with: there they are only seen.
  pii.email: {action: redact, lanes: [user, assistant-history, tool-result, document, output, refusal, reasoning, query, header, other]}
  pii.phone: {action: redact, lanes: [user, assistant-history, tool-result, document, output, refusal, reasoning, query, header, other]}
  secret.*: {action: redact}
  # What an answer repeats of the request's system text. A model that thinks quotes its instructions: there they are only seen.
  leak.system-prompt: {action: redact, lanes: [output, refusal, tool-arguments, other]}
  leak.canary: {action: deny}
  # Denied where instructions of others can stand.
  injection.*: {action: deny, lanes: [user, tool-result, document, other]}
# What one conversation should not combine. Here it is only seen: agents that write code or mail do it all day.
flows:
  - {all: [untrusted-content, private-data], to: [sends-data], action: observe}
  - {all: [untrusted-content], to: [harmful-action], action: observe}
`,
  strict: `# Balanced, and: secrets and leaks of the system text are denied, injection is denied wherever it is looked for, addresses and phone
# numbers are redacted everywhere, and calls of tools that nobody asked for are denied after untrusted content.
version: 1
extends: builtin/balanced
detectors:
  pii.email: {action: redact}
  pii.phone: {action: redact}
  secret.*: {action: deny}
  leak.*: {action: deny}
  injection.*: {action: deny}
flows:
  - {all: [untrusted-content, private-data], to: [sends-data], action: deny}
  - {all: [untrusted-content], to: [harmful-action], action: deny}
`,
};

/** The preset that a policy extends when it says nothing, and that is in force without a policy file. */
export const DEFAULT_PRESET: PresetName = 'balanced';

/** The preset named by `builtin/<name>`; undefined for anything else. */
export function presetOf(reference: string): PresetName | undefined {
  return PRESET_NAMES.find((name) => reference === `builtin/${name}`);
}

/** The source of a preset, for `compilePolicy`. */
export function presetSource(name: PresetName): { readonly file: string; readonly text: string } {
  return { file: `builtin/${name}`, text: PRESETS[name] };
}
