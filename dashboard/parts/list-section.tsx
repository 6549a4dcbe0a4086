import type { ComponentChildren } from 'preact';
import { useAnswer } from '../answer.ts';
import type { RowKind, RowList } from '../api.ts';
import { counted } from '../format.ts';
import { Awaited, Empty } from './states.tsx';

interface ListSectionProps<K extends RowKind> {
  readonly kind: K;
  readonly title: string;
  /** What is searched for; empty: everything. */
  readonly q: string;
  /** What it would be, and how it gets there. */
  readonly empty: ComponentChildren;
  readonly children: (items: RowList<K>['items']) => ComponentChildren;
}

/** Rows of one kind that are asked for at once; the search finds those that are more. */
const ROWS = 100;

/** The first rows of one kind under a heading of their own, in the order of the API. */
export function ListSection<K extends RowKind>({ kind, title, q, empty, children }: ListSectionProps<K>) {
  const answer = useAnswer<RowList<K>>(`${kind}?limit=${ROWS}${q === '' ? '' : `&q=${encodeURIComponent(q)}`}`);
  return (
    <section>
      <h2>{title}</h2>
      <Awaited answer={answer} what={title.toLowerCase()}>
        {({ items, total }) =>
          items.length === 0 ? (
            <Empty title={q === '' ? 'None yet' : 'None fits'}>{empty}</Empty>
          ) : (
            <>
              {children(items)}
              {total > items.length ? (
                <p class="quiet">
                  The first {items.length} of {counted(total, 'row')}: search for the others.
                </p>
              ) : null}
            </>
          )
        }
      </Awaited>
    </section>
  );
}
