import { useAnswer } from '../answer.ts';
import type { RowList } from '../api.ts';
import { amount, counted } from '../format.ts';
import { type FilterField, Filters } from '../parts/filters.tsx';
import { Ago, Names } from '../parts/marks.tsx';
import { Awaited, Empty } from '../parts/states.tsx';
import { linkTo } from '../route.ts';

const FIELDS: readonly FilterField[] = [{ name: 'q', title: 'Search', hint: 'name of an agent or caller' }];

/** Who acts: agents with what they used, then callers. What an agent may use stands in the policy, which the inventory does not read. */
export function AgentsView({ query }: { readonly query: URLSearchParams }) {
  const q = query.get('q') ?? '';
  return (
    <>
      <h1>Agents and callers</h1>
      <Filters view="agents" fields={FIELDS} given={{ q }} />
      <Actors
        kind="agents"
        q={q}
        title="Agents"
        empty="An agent appears when a request names one, or when an MCP client introduces itself."
      />
      <Actors kind="callers" q={q} title="Callers" empty="A caller appears with its first request." />
      <Tools q={q} />
    </>
  );
}

interface ActorsProps {
  readonly kind: 'agents' | 'callers';
  readonly q: string;
  readonly title: string;
  readonly empty: string;
}

function Actors({ kind, q, title, empty }: ActorsProps) {
  const answer = useAnswer<RowList<'agents' | 'callers'>>(`${kind}?limit=100${q === '' ? '' : `&q=${encodeURIComponent(q)}`}`);
  return (
    <section>
      <h2>{title}</h2>
      <Awaited answer={answer} what={title.toLowerCase()}>
        {({ items, total }) =>
          items.length === 0 ? (
            <Empty title={q === '' ? `No ${title.toLowerCase()} yet` : 'None fits'}>{empty}</Empty>
          ) : (
            <>
              <ActorTable rows={items} kind={kind} />
              {total > items.length ? (
                <p class="quiet">
                  The {items.length} busiest of {counted(total, 'row')}: search for the others.
                </p>
              ) : null}
            </>
          )
        }
      </Awaited>
    </section>
  );
}

interface ActorTableProps {
  readonly rows: RowList<'agents' | 'callers'>['items'];
  readonly kind: 'agents' | 'callers';
}

const ActorTable = ({ rows, kind }: ActorTableProps) => (
  <table class="list">
    <caption class="unseen">{kind === 'agents' ? 'Agents' : 'Callers'}</caption>
    <thead>
      <tr>
        <th scope="col">Name</th>
        <th scope="col">Tools used</th>
        <th scope="col">Models used</th>
        <th scope="col" class="number">
          Calls
        </th>
        <th scope="col" class="number">
          Findings
        </th>
        <th scope="col" class="number">
          Denied
        </th>
        <th scope="col">Last seen</th>
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <tr key={row.id}>
          <th scope="row">
            <a href={linkTo('endpoints', kind === 'agents' ? { agent: row.name } : { caller: `${row.kind}:${row.name}` })}>
              <span class="anywhere">{row.name || 'unknown'}</span>
            </a>{' '}
            <small class="quiet">{row.kind}</small>
          </th>
          <td data-label="Tools used">
            <Names names={row.labels.tools} />
          </td>
          <td data-label="Models used">
            <Names names={row.labels.models} />
          </td>
          <td data-label="Calls" class="number">
            {amount(row.count)}
          </td>
          <td data-label="Findings" class="number">
            {amount(row.findings)}
          </td>
          <td data-label="Denied" class="number">
            {amount(row.denied)}
          </td>
          <td data-label="Last seen">
            <Ago time={row.lastSeen} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

/** Tools that were offered against those that were called: what an agent has and does not need. */
function Tools({ q }: { readonly q: string }) {
  const answer = useAnswer<RowList<'tools'>>(`tools?limit=100${q === '' ? '' : `&q=${encodeURIComponent(q)}`}`);
  return (
    <section>
      <h2>Tools, offered against called</h2>
      <Awaited answer={answer} what="tools">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No tools">A tool appears when a request offers it to a model, or an MCP server lists it.</Empty>
          ) : (
            <table class="list">
              <caption class="unseen">Tools</caption>
              <thead>
                <tr>
                  <th scope="col">Tool</th>
                  <th scope="col">Server</th>
                  <th scope="col" class="number">
                    Offered
                  </th>
                  <th scope="col" class="number">
                    Called
                  </th>
                  <th scope="col" class="number">
                    Descriptions
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((row) => (
                  <tr key={row.id}>
                    <th scope="row">
                      <code>{row.name}</code>
                    </th>
                    <td data-label="Server">
                      <span class="anywhere">{row.server || 'told to the model'}</span>
                    </td>
                    <td data-label="Offered" class="number">
                      {amount(row.declared)}
                    </td>
                    <td data-label="Called" class="number">
                      {row.called === 0 ? 'never' : amount(row.called)}
                    </td>
                    <td data-label="Descriptions" class="number">
                      {row.descriptions > 1 ? `${row.descriptions}: it changed` : amount(row.descriptions)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Awaited>
    </section>
  );
}
