/** Families of detectors as people call them; one that is not here is shown by its own name. */
const FAMILIES: Readonly<Record<string, string>> = {
  pii: 'Personal data',
  secret: 'Secret',
  injection: 'Prompt injection',
  leak: 'Leaked instructions',
  exfil: 'Exfiltration',
  tool: 'Suspicious tool',
  output: 'Answer out of bounds',
  topic: 'Off topic',
};
export const familyName = (family: string): string => (Object.hasOwn(FAMILIES, family) ? (FAMILIES[family] ?? family) : family);

/** What was done, as a participle. */
const TAKEN: Readonly<Record<string, string>> = { deny: 'denied', redact: 'redacted', tokenize: 'tokenised', observe: 'only observed' };
export const takenWord = (taken: string): string => (Object.hasOwn(TAKEN, taken) ? (TAKEN[taken] ?? taken) : taken);
export const wasStopped = (taken: string): boolean => taken !== 'observe';

const CHANGES: Readonly<Record<string, string>> = {
  new: 'New',
  gone: 'Gone',
  'came-back': 'Came back',
  'sensitive-data': 'Sensitive data',
  'lost-authentication': 'Lost authentication',
  'description-changed': 'Description changed',
  declaration: 'Declaration',
  version: 'Version',
};
export const changeName = (change: string): string => (Object.hasOwn(CHANGES, change) ? (CHANGES[change] ?? change) : change);
