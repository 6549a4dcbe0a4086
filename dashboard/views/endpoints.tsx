import { useAnswer } from '../answer.ts';
import type { RowList } from '../api.ts';
import { amount, counted } from '../format.ts';
import { type FilterField, Filters } from '../parts/filters.tsx';
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

/** Every endpoint that answered, a page at a time. */
export function EndpointsView({ query }: { readonly query: URLSearchParams }) {
  const names = [...FIELDS.map(({ name }) => name), ...HIDDEN];
  const given = Object.fromEntries(names.map((name) => [name, query.get(name) ?? '']));
  const pages = usePages(`endpoints?${new URLSearchParams(Object.entries(given).filter(([, value]) => value !== ''))}`);
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
              <Table items={items} />
            )}
            <Pager pages={pages} next={next} />
          </>
        )}
      </Awaited>
    </>
  );
}

const Table = ({ items }: { readonly items: RowList<'endpoints'>['items'] }) => (
  <table class="list">
    <caption class="unseen">Endpoints</caption>
    <thead>
      <tr>
        <th scope="col">Endpoint</th>
        <th scope="col">Risk</th>
        <th scope="col">Declared</th>
        <th scope="col">Models</th>
        <th scope="col" class="number">
          Calls
        </th>
        <th scope="col" class="number">
          Findings
        </th>
        <th scope="col">Last seen</th>
      </tr>
    </thead>
    <tbody>
      {items.map((row) => (
        <tr key={row.id}>
          <th scope="row">
            <a href={linkTo(`endpoints/${row.id}`)}>
              <Place {...row} />
            </a>
          </th>
          <td data-label="Risk">
            <Level level={row.band} note={String(row.risk)} />
          </td>
          <td data-label="Declared">{row.status === null ? <span class="quiet">unknown</span> : <Status status={row.status} />}</td>
          <td data-label="Models">
            <span class="anywhere">{modelsOf(row.labels.models)}</span>
          </td>
          <td data-label="Calls" class="number">
            {amount(row.count)}
          </td>
          <td data-label="Findings" class="number">
            {amount(row.findings)}
          </td>
          <td data-label="Last seen">
            <Ago time={row.lastSeen} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

const modelsOf = (models: readonly string[] = []): string =>
  models.length <= 2 ? models.join(', ') || '–' : `${models.slice(0, 2).join(', ')} +${models.length - 2}`;
