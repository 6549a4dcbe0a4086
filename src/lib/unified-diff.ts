/** Lines around a change that a patch shows. */
const CONTEXT = 3;

/**
 * A patch from one text to another as `git apply` and `patch -p1` take it, in one hunk from the first line that differs to the last. Empty
 * when the texts are equal. `name`: the file's, relative to where the patch is applied.
 */
export function unifiedDiff(name: string, before: string, after: string): string {
  if (before === after) return '';
  const [old, now] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const from = Math.max(0, head - CONTEXT);
  const to = Math.max(0, tail - CONTEXT);
  const lines = [
    ...old.slice(from, head).map((line) => ` ${line}`),
    ...old.slice(head, old.length - tail).map((line) => `-${line}`),
    ...now.slice(head, now.length - tail).map((line) => `+${line}`),
    ...old.slice(old.length - tail, old.length - to).map((line) => ` ${line}`),
  ];
  const spans = `@@ -${spanOf(from, old.length - to)} +${spanOf(from, now.length - to)} @@\n`;
  return `--- a/${name}\n+++ b/${name}\n${spans}${lines.map(written).join('')}`;
}

/** Each line with its end; only the last can be without one. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => `${line}\n`);
  const rest = lines.pop()?.slice(0, -1) ?? '';
  return rest === '' ? lines : [...lines, rest];
}

const written = (line: string): string => (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`);

/** Lines from `from` up to `to`, as hunks count them: from 1, and from the line before for none. */
const spanOf = (from: number, to: number): string => `${to > from ? from + 1 : from},${to - from}`;
