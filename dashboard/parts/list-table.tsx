import type { ComponentChildren, VNode } from 'preact';
import { useMemo } from 'preact/hooks';

/** One column: its heading, which stands beside each cell where the table is narrow, and what it says of a row. */
interface Column<R> {
  readonly title: string;
  /** Figures, which are aligned at their end. Default: false. */
  readonly number?: boolean;
  readonly cell: (row: R) => ComponentChildren;
}

/** The first one names the row. */
export type Columns<R> = readonly [Column<R>, ...Column<R>[]];

interface ListTableProps<R> {
  readonly caption: string;
  /** Default: only for who does not see the table. */
  readonly shown?: boolean;
  readonly columns: Columns<R>;
  readonly rows: readonly R[];
  /** Different for each row. */
  readonly keyOf: (row: R) => string;
}

/** Rows under headings; below 860 pixels each row is a block of its own, with the headings beside its cells. */
export function ListTable<R>({ caption, shown = false, columns: [name, ...others], rows, keyOf }: ListTableProps<R>) {
  // Every letter of a search draws the view; rows that are the same ones are not drawn with it.
  const body = useMemo(
    (): VNode => (
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            <th scope="row">{name.cell(row)}</th>
            {others.map(({ title, number, cell }) => (
              <td key={title} data-label={title} class={classOf(number)}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    ),
    [rows],
  );
  return (
    <table class="list">
      <caption class={shown ? undefined : 'unseen'}>{caption}</caption>
      <thead>
        <tr>
          {[name, ...others].map(({ title, number }) => (
            <th key={title} scope="col" class={classOf(number)}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      {body}
    </table>
  );
}

const classOf = (number: boolean | undefined): string | undefined => (number === true ? 'number' : undefined);
