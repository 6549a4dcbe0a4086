/**
 * What a list is while it has nothing in it: one for all of them, since most lists of an exchange never get anything. Nobody but `added` puts
 * something into a list that may be this one.
 */
export const NONE_YET: never[] = [];

/**
 * The list with one more: the same list, or another where it was empty. The first item gets as much room as it needs; `push` on an empty
 * list makes room for seventeen.
 */
export function added<T>(list: T[], item: T): T[] {
  if (list.length === 0) return [item];
  list.push(item);
  return list;
}
