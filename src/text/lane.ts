/** The kinds of text an exchange carries. Detectors and policy see these, never protocols. */
export const LANES = [
  'system',
  'user',
  'assistant-history',
  'tool-definition',
  'tool-arguments',
  'tool-result',
  'document',
  'output',
  'refusal',
  'reasoning',
  'query',
  'header',
  'other',
] as const;

export type Lane = (typeof LANES)[number];

export const DIRECTIONS = ['request', 'response'] as const;
export type Direction = (typeof DIRECTIONS)[number];
