import { useEffect, useState } from 'preact/hooks';

/** Pages of one list: the cursors that lead to the present one. A changed list begins at its first page. */
export function usePages(list: string) {
  const [{ of, cursors }, setPages] = useState<{ readonly of: string; readonly cursors: readonly string[] }>({ of: list, cursors: [] });
  useEffect(() => setPages({ of: list, cursors: [] }), [list]);
  const present = of === list ? cursors : [];
  const cursor = present.at(-1);
  return {
    path: cursor === undefined ? list : `${list}${list.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`,
    page: present.length,
    forward: (next: string): void => setPages({ of: list, cursors: [...present, next] }),
    back: (): void => setPages({ of: list, cursors: present.slice(0, -1) }),
  };
}

interface PagerProps {
  readonly pages: ReturnType<typeof usePages>;
  readonly next: string | null;
}

/** The way to the page before and after; nothing when there is only one. */
export function Pager({ pages, next }: PagerProps) {
  if (pages.page === 0 && next === null) return null;
  return (
    <nav class="pager" aria-label="Pages">
      <button type="button" disabled={pages.page === 0} onClick={pages.back}>
        Previous page
      </button>
      <span>Page {pages.page + 1}</span>
      <button type="button" disabled={next === null} onClick={() => next !== null && pages.forward(next)}>
        Next page
      </button>
    </nav>
  );
}
