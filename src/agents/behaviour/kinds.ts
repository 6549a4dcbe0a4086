/** Spaces of fingerprints: the same text is another thing in each. */
export const KINDS = {
  agent: 1,
  person: 2,
  session: 3,
  credential: 4,
  endpoint: 5,
  tool: 6,
  model: 7,
  address: 8,
  id: 9,
  call: 10,
} as const;
