import type { RowList } from '../api.ts';
import { amount } from '../format.ts';
import { type FilterField, Filters } from '../parts/filters.tsx';
import { Grants } from '../parts/grants.tsx';
import { ListSection } from '../parts/list-section.tsx';
import { type Columns, ListTable } from '../parts/list-table.tsx';
import { Ago, Names } from '../parts/marks.tsx';
import { linkTo } from '../route.ts';

const FIELDS: readonly FilterField[] = [{ name: 'q', title: 'Search', hint: 'name of an agent or caller' }];

/** Who acts: what policies grant their agents against what those used, then agents and callers as they were seen, and their tools. */
export function AgentsView({ query }: { readonly query: URLSearchParams }) {
  const q = query.get('q') ?? '';
  return (
    <>
      <h1>Agents and callers</h1>
      <Filters view="agents" fields={FIELDS} given={{ q }} />
      <ListSection kind="grants" q={q} title="Granted against used" empty={NO_GRANTS}>
        {(rows) => <Grants rows={rows} />}
      </ListSection>
      <ListSection
        kind="agents"
        q={q}
        title="Agents"
        empty="An agent appears when a request names one, or when an MCP client introduces itself."
      >
        {(rows) => (
          <ListTable caption="Agents" columns={actorColumns(({ name }) => ({ agent: name }))} rows={rows} keyOf={({ id }) => id} />
        )}
      </ListSection>
      <ListSection kind="callers" q={q} title="Callers" empty="A caller appears with its first request.">
        {(rows) => (
          <ListTable
            caption="Callers"
            columns={actorColumns(({ kind, name }) => ({ caller: `${kind}:${name}` }))}
            rows={rows}
            keyOf={({ id }) => id}
          />
        )}
      </ListSection>
      <ListSection
        kind="tools"
        q={q}
        title="Tools, offered against called"
        empty="A tool appears when a request offers it to a model, or an MCP server lists it."
      >
        {(rows) => <ListTable caption="Tools" columns={TOOL_COLUMNS} rows={rows} keyOf={({ id }) => id} />}
      </ListSection>
    </>
  );
}

const NO_GRANTS = (
  <>
    No filter has told of a policy with agents. Give one a row below <code>agents:</code>, as docs/agents.md shows, and what it is granted
    stands here beside what it uses.
  </>
);

type Actor = RowList<'agents' | 'callers'>['items'][number];

const actorColumns = (filter: (row: Actor) => Readonly<Record<string, string>>): Columns<Actor> => [
  {
    title: 'Name',
    cell: (row) => (
      <>
        <a href={linkTo('endpoints', filter(row))}>
          <span class="anywhere">{row.name || 'unknown'}</span>
        </a>{' '}
        <small class="quiet">{row.kind}</small>
      </>
    ),
  },
  { title: 'Tools used', cell: ({ labels }) => <Names names={labels.tools} /> },
  { title: 'Models used', cell: ({ labels }) => <Names names={labels.models} /> },
  { title: 'Calls', number: true, cell: ({ count }) => amount(count) },
  { title: 'Findings', number: true, cell: ({ findings }) => amount(findings) },
  { title: 'Denied', number: true, cell: ({ denied }) => amount(denied) },
  { title: 'Last seen', cell: ({ lastSeen }) => <Ago time={lastSeen} /> },
];

type Tool = RowList<'tools'>['items'][number];

/** What an agent has and does not need is offered and never called. */
const TOOL_COLUMNS: Columns<Tool> = [
  { title: 'Tool', cell: ({ name }) => <code>{name}</code> },
  { title: 'Server', cell: ({ server }) => <span class="anywhere">{server || 'told to the model'}</span> },
  { title: 'Offered', number: true, cell: ({ declared }) => amount(declared) },
  { title: 'Called', number: true, cell: ({ called }) => (called === 0 ? 'never' : amount(called)) },
  {
    title: 'Descriptions',
    number: true,
    cell: ({ descriptions }) => (descriptions > 1 ? `${descriptions}: it changed` : amount(descriptions)),
  },
];
