/** What of the rows of one kind may stay. */
export interface RowBound {
  readonly rows: number;
  /** The row that the others are counted in; it stays, and takes no place. */
  readonly overflowId: string;
  /** A hash: who has the greatest goes, so that who came first does not matter. */
  readonly rank: (id: string) => string;
}

/** Ids of the rows over the bound. As long as there are none nothing is ranked: that would take longer than a batch does. */
export function surplusOf(facts: ReadonlyMap<string, unknown>, { rows, overflowId, rank }: RowBound): readonly string[] {
  const count = facts.size - Number(facts.has(overflowId));
  if (count <= rows) return [];
  const ranked = [...facts.keys()].filter((id) => id !== overflowId).map((id) => ({ id, rank: rank(id) }));
  return ranked
    .sort((left, right) => (left.rank < right.rank ? -1 : 1))
    .slice(rows)
    .map(({ id }) => id);
}
