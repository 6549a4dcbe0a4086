/**
 * Lines of both texts, marked with ` `, `-` and `+`, by their longest common subsequence. Takes time and
 * memory by the product of their numbers: for texts of some hundred lines.
 */
export function diffLines(before: readonly string[], after: readonly string[]): readonly string[] {
  const common = commonLengths(before, after);
  const lines: string[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push(` ${before[i]!}`);
      i++;
      j++;
    } else if (j === after.length || (i < before.length && common[i + 1]![j]! >= common[i]![j + 1]!)) lines.push(`-${before[i++]!}`);
    else lines.push(`+${after[j++]!}`);
  }
  return lines;
}

function commonLengths(before: readonly string[], after: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      lengths[i]![j] = before[i] === after[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
  return lengths;
}
