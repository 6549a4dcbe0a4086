import { useMemo, useState } from 'preact/hooks';
import { type Answer, useAnswer } from '../answer.ts';
import type { ChangeList, Counts, FindingList, Overview, RowList } from '../api.ts';
import { amount, counted } from '../format.ts';
import { incidentsOf } from '../incidents.ts';
import { Chart } from '../parts/chart.tsx';
import { IncidentCard } from '../parts/incident-card.tsx';
import { type Columns, ListTable } from '../parts/list-table.tsx';
import { Ago, Level, Place, Status } from '../parts/marks.tsx';
import { Awaited, Empty } from '../parts/states.tsx';
import { linkTo } from '../route.ts';
import { pointsOf, WINDOWS, type WindowName } from '../timeline.ts';
import { changeName, wasStopped } from '../words.ts';

/** What is new, what is risky, what was found and stopped, and what nobody could look into. */
export function OverviewView({ answer }: { readonly answer: Answer<Overview> }) {
  return (
    <>
      <h1>Overview</h1>
      <Awaited answer={answer} what="the overview">
        {(overview) => (overview.exchanges + overview.refused === 0 ? <NothingYet /> : <Sections overview={overview} />)}
      </Awaited>
    </>
  );
}

const NothingYet = () => (
  <Empty title="No traffic has been seen yet">
    Send a request through the gateway and it appears here within seconds. <code>sluice up</code> prints three to try;{' '}
    <code>sluice up --story</code> plays an attack on a bank’s assistant.
  </Empty>
);

function Sections({ overview }: { readonly overview: Overview }) {
  return (
    <>
      <Figures overview={overview} />
      <Incidents />
      <div class="columns">
        <Risky />
        <News />
      </div>
      <Timeline />
      <Coverage overview={overview} />
    </>
  );
}

function Figures({ overview }: { readonly overview: Overview }) {
  const { endpoints } = overview;
  const high = endpoints.byBand.high + endpoints.byBand.critical;
  const open = talliesOf(useAnswer<Counts>('findings/counts?by=taken&state=open'));
  const dismissed = talliesOf(useAnswer<Counts>('findings/counts?by=taken&state=dismissed'));
  const passed = open.filter(({ value }) => !wasStopped(value));
  return (
    <ul class="figures">
      <Figure
        value={sumOf(open)}
        title="open findings"
        note={`${sumOf(dismissed) === 0 ? '' : `${amount(sumOf(dismissed))} dismissed; `}in ${counted(overview.exchanges, 'exchange')}`}
        to={linkTo('findings', { state: 'open' })}
      />
      <Figure
        value={sumOf(open) - sumOf(passed)}
        title="of them stopped"
        note={passed.length === 0 ? 'nothing went through' : `${amount(sumOf(passed))} went through`}
      />
      <Figure
        value={high}
        title="risky endpoints"
        note={`of ${amount(endpoints.total)}`}
        to={linkTo('endpoints', { riskMin: '45' })}
        bad={high > 0}
      />
      <Figure
        value={endpoints.byStatus.shadow}
        title="undeclared endpoints"
        note={overview.declarationsGiven ? 'in no OpenAPI file' : 'no OpenAPI file was given'}
        to={linkTo('endpoints', { status: 'shadow' })}
        bad={endpoints.byStatus.shadow > 0}
      />
      <Figure
        value={endpoints.open}
        title="open endpoints"
        note="answered without a credential"
        to={linkTo('endpoints', { open: 'true' })}
        bad={endpoints.open > 0}
      />
    </ul>
  );
}

const talliesOf = (answer: Answer<Counts>): Counts['items'] => (answer.kind === 'ready' ? answer.value.items : []);
const sumOf = (tallies: Counts['items']): number => tallies.reduce((sum, { count }) => sum + count, 0);

interface FigureProps {
  readonly value: number;
  readonly title: string;
  readonly note: string;
  readonly to?: string;
  readonly bad?: boolean;
}

function Figure({ value, title, note, to, bad = false }: FigureProps) {
  const content = (
    <>
      <strong>{amount(value)}</strong> <span>{title}</span> <small>{note}</small>
    </>
  );
  return <li class={bad ? 'bad' : ''}>{to === undefined ? <div>{content}</div> : <a href={to}>{content}</a>}</li>;
}

/** Findings that are read for the groups, and groups that are shown. */
const READ = 200;
const SHOWN = 6;

function Incidents() {
  const answer = useAnswer<FindingList>(`findings?state=open&limit=${READ}`);
  return (
    <section>
      <h2>What was found lately</h2>
      <Awaited answer={answer} what="findings">
        {({ items }) => {
          const incidents = incidentsOf(items);
          if (incidents.length === 0)
            return <Empty title="No findings">Traffic was inspected, and nothing in it was worth a finding.</Empty>;
          return (
            <>
              <ul class="cards">
                {incidents.slice(0, SHOWN).map((incident) => (
                  <IncidentCard key={incident.key} incident={incident} />
                ))}
              </ul>
              <p>
                <a href={linkTo('findings')}>All findings</a>
              </p>
            </>
          );
        }}
      </Awaited>
    </section>
  );
}

function Risky() {
  const answer = useAnswer<RowList<'endpoints'>>('endpoints?sort=-risk&limit=6');
  return (
    <section>
      <h2>What is risky</h2>
      <Awaited answer={answer} what="endpoints">
        {({ items }) => (
          <ul class="lines">
            {items.map((row) => (
              <li key={row.id}>
                <a href={linkTo(`endpoints/${row.id}`)}>
                  <Place {...row} />
                </a>
                <span class="marks">
                  <Level level={row.band} note={String(row.risk)} /> <Status status={row.status} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Awaited>
    </section>
  );
}

function News() {
  const answer = useAnswer<ChangeList>('changes?limit=6');
  return (
    <section>
      <h2>What is new</h2>
      <Awaited answer={answer} what="changes">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nothing changed">What appears, disappears or becomes different stands here.</Empty>
          ) : (
            <ul class="lines">
              {items.map((change) => (
                <li key={change.seq}>
                  <span>
                    <b>{changeName(change.change)}</b>{' '}
                    {change.subjectKind === 'endpoints' ? (
                      <a href={linkTo(`endpoints/${change.subjectId}`)}>{change.subject}</a>
                    ) : (
                      <code>{change.subject}</code>
                    )}
                    <small> {change.reason}</small>
                  </span>
                  <Ago time={change.time} />
                </li>
              ))}
            </ul>
          )
        }
      </Awaited>
    </section>
  );
}

function Timeline() {
  const [name, setName] = useState<WindowName>('24 hours');
  const { since, by } = WINDOWS[name];
  const all = useAnswer<Counts>(`findings/counts?by=${by}&since=${since}&state=open`);
  const passed = useAnswer<Counts>(`findings/counts?by=${by}&since=${since}&state=open&taken=observe`);
  const dismissed = sumOf(talliesOf(useAnswer<Counts>(`findings/counts?by=${by}&since=${since}&state=dismissed`)));
  const points = useMemo(
    () => (all.kind === 'ready' && passed.kind === 'ready' ? pointsOf(name, all.value.items, passed.value.items, Date.now()) : []),
    [all, passed, name],
  );
  const total = points.reduce((sum, { detected }) => sum + detected, 0);
  const stopped = points.reduce((sum, point) => sum + point.stopped, 0);
  return (
    <section>
      <div class="heading">
        <h2>Detected against stopped</h2>
        <fieldset class="choice">
          <legend class="unseen">Time shown</legend>
          {Object.keys(WINDOWS).map((one) => (
            <label key={one}>
              <input type="radio" name="window" value={one} checked={one === name} onChange={() => setName(one as WindowName)} /> {one}
            </label>
          ))}
        </fieldset>
      </div>
      <Awaited answer={all} what="the timeline">
        {() => (
          <>
            <p class="legend">
              <i class="key detected" /> went through <i class="key stopped" /> stopped · {counted(total, 'open finding')},{' '}
              {amount(stopped)} stopped{dismissed === 0 ? '' : `; ${amount(dismissed)} dismissed, not counted`}
            </p>
            <Chart points={points} label={`${counted(total, 'open finding')} in the last ${name}, ${amount(stopped)} of them stopped.`} />
          </>
        )}
      </Awaited>
    </section>
  );
}

function Coverage({ overview }: { readonly overview: Overview }) {
  const { uninspected, exchanges } = overview;
  return (
    <section>
      <h2>What could not be inspected</h2>
      {uninspected.length === 0 ? (
        <p>Both directions of all {counted(exchanges, 'exchange')} were inspected.</p>
      ) : (
        <ListTable
          caption={`Directions of exchanges that passed or were refused unread, of ${counted(exchanges, 'exchange')}`}
          shown
          columns={UNREAD_COLUMNS}
          rows={uninspected}
          keyOf={({ reason }) => reason}
        />
      )}
    </section>
  );
}

const UNREAD_COLUMNS: Columns<Overview['uninspected'][number]> = [
  { title: 'Direction', cell: ({ reason }) => reason.split(':', 1)[0] },
  { title: 'Reason', cell: ({ reason }) => reason.slice(reason.indexOf(':') + 1) },
  { title: 'Times', number: true, cell: ({ count }) => amount(count) },
];
