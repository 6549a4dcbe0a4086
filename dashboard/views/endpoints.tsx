import { useAnswer } from '../answer.ts';
import type { RowList } from '../api.ts';
import { amount, counted } from '../format.ts';
import { type FilterField, Filters } from '../parts/filters.tsx';
import { type Columns, ListTable } from '../parts/list-table.tsx';
import { Ago, Level, Place, Status } from '../parts/marks.tsx';
import { Pager, usePages } from '../parts/pager.tsx';
import { Awaited, Empty } from '../parts/states.tsx';
import { linkTo } from '../route.ts';

const FIELDS: readonly FilterField[] = [
  { name: 'q', title: 'Search', hint: 'method, host or path' },
  { name: 'band', title: 'Risk', values: ['critical', 'high', 'medium', 'low'] },
  { name: 'status', title: 'Declared', values: ['declared', 'shadow', 'zombie'] },
  { name: 'kind', title: 'Kind', values: ['ai', 'agent', 'api'] },
  { name: 'state', title: 'Review', values: ['new', 'reviewed', 'approved', 'retired'] },
  { name: 'open', title: 'Without credential', values: ['true', 'false'] },
  { name: 'drift', title: 'Drifting', values: ['true', 'false'] },
  { name: 'sort', title: 'Order', values: ['-risk', '-lastSeen', '-firstSeen', '-count', '-findings', 'host', 'path'], fallback: '-risk' },
];
/** Parameters that links set and no field shows. */
const HIDDEN = ['riskMin', 'host', 'model', 'caller', 'agent', 'tool', 'detector'] as const;
/** More than a window shows; each row is drawn before the first one is seen. */
const PAGE_ROWS = 50;

/** Every endpoint that answered, a page at a time. */
export function EndpointsView({ query }: { readonly query: URLSearchParams }) {
  const names = [...FIELDS.map(({ name }) => name), ...HIDDEN];
  const given = Object.fromEntries(names.map((name) => [name, query.get(name) ?? '']));
  const parameters = new URLSearchParams([['limit', String(PAGE_ROWS)], ...Object.entries(given).filter(([, value]) => value !== '')]);
  const pages = usePages(`endpoints?${parameters}`);
  const answer = useAnswer<RowList<'endpoints'>>(pages.path);
  return (
    <>
      <h1>Inventory</h1>
      <Filters view="endpoints" fields={FIELDS} hidden={HIDDEN} given={given} />
      <Awaited answer={answer} what="endpoints">
        {({ total, items, next }) => (
          <>
            <p role="status" class="quiet total">
              {counted(total, 'endpoint')}
            </p>
            {total === 0 ? (
              <Empty title="No endpoint fits">Clear a filter, or send a request through the gateway.</Empty>
            ) : (
              <ListTable caption="Endpoints" columns={COLUMNS} rows={items} keyOf={({ id }) => id} />
            )}
            <Pager pages={pages} next={next} />
          </>
        )}
      </Awaited>
    </>
  );
}

type Endpoint = RowList<'endpoints'>['items'][number];

const COLUMNS: Columns<Endpoint> = [
  {
    title: 'Endpoint',
    cell: (row) => (
      <a href={linkTo(`endpoints/${row.id}`)}>
        <Place {...row} />
      </a>
    ),
  },
  { title: 'Risk', cell: ({ band, risk }) => <Level level={band} note={String(risk)} /> },
  { title: 'Declared', cell: ({ status }) => (status === null ? <span class="quiet">unknown</span> : <Status status={status} />) },
  { title: 'Models', cell: ({ labels }) => <span class="anywhere">{modelsOf(labels.models)}</span> },
  { title: 'Calls', number: true, cell: ({ count }) => amount(count) },
  { title: 'Findings', number: true, cell: ({ findings }) => amount(findings) },
  { title: 'Last seen', cell: ({ lastSeen }) => <Ago time={lastSeen} /> },
];

const modelsOf = (models: readonly string[] = []): string =>
  models.length <= 2 ? models.join(', ') || '–' : `${models.slice(0, 2).join(', ')} +${models.length - 2}`;
