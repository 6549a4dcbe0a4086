import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useAnswer } from '../answer.ts';
import { type EndpointDetail, type FindingList, review } from '../api.ts';
import { amount, counted, milliseconds, moment } from '../format.ts';
import { tellNews } from '../news.ts';
import { FindingItem } from '../parts/finding-item.tsx';
import { type Edge, FlowPicture } from '../parts/flow-picture.tsx';
import { Level, Status } from '../parts/marks.tsx';
import { Awaited, Empty } from '../parts/states.tsx';
import { linkTo } from '../route.ts';

/** Everything that is known about one endpoint. */
export function EndpointView({ id }: { readonly id: string }) {
  const answer = useAnswer<{ readonly item: EndpointDetail }>(`endpoints/${encodeURIComponent(id)}`);
  return (
    <>
      <p>
        <a href={linkTo('endpoints')}>Inventory</a>
      </p>
      {answer.kind === 'ready' ? null : <h1>Endpoint</h1>}
      <Awaited answer={answer} what="the endpoint">
        {({ item }) => <Detail item={item} />}
      </Awaited>
    </>
  );
}

function Detail({ item }: { readonly item: EndpointDetail }) {
  return (
    <>
      <h1 class="anywhere">
        {item.method} {item.path}
      </h1>
      <p class="anywhere quiet">{item.host}</p>
      <p class="marks">
        <Level level={item.band} note={`risk ${item.risk} of 100`} /> <Status status={item.status} />
      </p>
      <div class="columns">
        <Risk item={item} />
        <Numbers item={item} />
      </div>
      <Findings item={item} />
      <section>
        <h2>Flows</h2>
        <FlowPicture edges={edgesOf(item)} columns={['Callers and agents', 'This endpoint', 'Models and tools']} />
      </section>
      <div class="columns">
        <Seen title="Callers" rows={item.seen.callers} />
        <Seen title="Agents" rows={item.seen.agents} />
        <Seen title="Models" rows={item.seen.models} />
        <Seen title="Tools called" rows={item.seen.tools} />
        <Seen title="Credentials" rows={item.seen.auth} />
        <Seen title="Not inspected" rows={item.seen.uninspected} />
      </div>
      <Declaration item={item} />
      <Schemas item={item} />
      <Review item={item} />
    </>
  );
}

const Risk = ({ item }: { readonly item: EndpointDetail }) => (
  <section>
    <h2>Why this risk</h2>
    {item.reasons.length === 0 ? (
      <p>Nothing speaks against it: it asks for a credential, and no sensitive data or findings were seen.</p>
    ) : (
      <ul class="lines">
        {item.reasons.map(({ factor, points, why }) => (
          <li key={factor}>
            <span class="anywhere">{why}</span>
            <b class="points">+{points}</b>
          </li>
        ))}
      </ul>
    )}
  </section>
);

function Numbers({ item }: { readonly item: EndpointDetail }) {
  const { latencyMs } = item;
  const rows: readonly (readonly [string, string])[] = [
    ['Calls', amount(item.count)],
    ['Findings', `${amount(item.findings)}, ${amount(item.prevented)} stopped`],
    ['Denied', amount(item.denied)],
    ['Errors', `${amount(item.errors)} of the server, ${amount(item.clientErrors)} of callers`],
    ['Without credential', amount(item.open)],
    ['Latency', `half under ${milliseconds(latencyMs.p50)}, 95 % under ${milliseconds(latencyMs.p95)}`],
    ['Tokens', `${amount(item.inputTokens)} in, ${amount(item.outputTokens)} out`],
    ['First seen', moment(item.firstSeen)],
    ['Last seen', moment(item.lastSeen)],
  ];
  return (
    <section>
      <h2>In numbers</h2>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Findings({ item }: { readonly item: EndpointDetail }) {
  const answer = useAnswer<FindingList>(`findings?endpoint=${item.id}&limit=10`);
  return (
    <section>
      <h2>Findings</h2>
      <Awaited answer={answer} what="findings">
        {({ items, next }) =>
          items.length === 0 ? (
            <Empty title="No findings here">Nothing that is kept was found at this endpoint.</Empty>
          ) : (
            <>
              <ul class="findings">
                {items.map((finding) => (
                  <FindingItem key={finding.id} finding={finding} />
                ))}
              </ul>
              {next === null ? null : <a href={linkTo('findings', { endpoint: item.id })}>All findings of this endpoint</a>}
            </>
          )
        }
      </Awaited>
    </section>
  );
}

/** Who calls, and what the calls reach. Callers and agents of one exchange are not told apart here: each stands for itself. */
function edgesOf({ seen, method, path }: EndpointDetail): readonly Edge[] {
  const place = `${method} ${path}`;
  const into = [...(seen.callers ?? []), ...(seen.agents ?? [])].map(({ value, count }) => ({ from: value, to: place, count }));
  const out = [...(seen.models ?? []), ...(seen.tools ?? [])].map(({ value, count }) => ({ from: place, to: value, count }));
  return [
    ...into.map((edge): Edge => ({ ...edge, fromColumn: 0, toColumn: 1, bad: false })),
    ...out.map((edge): Edge => ({ ...edge, fromColumn: 1, toColumn: 2, bad: false })),
  ];
}

interface SeenProps {
  readonly title: string;
  readonly rows: EndpointDetail['seen'][keyof EndpointDetail['seen']];
}

const SEEN_SHOWN = 12;

function Seen({ title, rows = [] }: SeenProps) {
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul class="lines">
        {rows.slice(0, SEEN_SHOWN).map(({ value, count }) => (
          <li key={value}>
            <code>{value}</code>
            <span class="quiet">{amount(count)}</span>
          </li>
        ))}
      </ul>
      {rows.length > SEEN_SHOWN ? <p class="quiet">and {counted(rows.length - SEEN_SHOWN, 'more', 'more')}</p> : null}
    </section>
  );
}

function Declaration({ item }: { readonly item: EndpointDetail }) {
  if (item.operation === null && item.drift.length === 0) return null;
  return (
    <section>
      <h2>Against what is declared</h2>
      {item.operation === null ? null : (
        <p class="anywhere">
          Declared as <code>{item.operation.path}</code>
          {item.operation.deprecated ? ', deprecated' : ''} in <code>{item.operation.file}</code>
        </p>
      )}
      {item.drift.length === 0 ? (
        <p>Nothing differs.</p>
      ) : (
        <ul class="lines">
          {item.drift.map(({ kind, where, why }) => (
            <li key={`${kind} ${where}`}>
              <span>
                <code>{where}</code> <span class="anywhere">{why}</span>
              </span>
              <span class="quiet">{kind}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const Schemas = ({ item }: { readonly item: EndpointDetail }) => (
  <section>
    <h2>What it carries</h2>
    <Schema title="Request" schema={item.requestSchema} />
    <Schema title="Answer" schema={item.responseSchema} />
  </section>
);

const Schema = ({ title, schema }: { readonly title: string; readonly schema: object | null }): ComponentChildren =>
  schema === null ? (
    <p class="quiet">{title}: no JSON was seen.</p>
  ) : (
    <details>
      <summary>{title}, as JSON schema learned from samples</summary>
      <pre>{JSON.stringify(schema, null, 2)}</pre>
    </details>
  );

const STATES = ['new', 'reviewed', 'approved', 'retired'] as const;

function Review({ item }: { readonly item: EndpointDetail }) {
  const [said, say] = useState('');
  const save = async (event: Event & { readonly currentTarget: HTMLFormElement }): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => {
      const value = form.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    const outcome = await review(item.id, { state: text('state'), owner: text('owner') || null, note: text('note') || null });
    say(outcome.ok ? 'Saved.' : outcome.problem.text);
    tellNews();
  };
  return (
    <section class="narrow">
      <h2>Review</h2>
      <form class="stack" onSubmit={(event) => void save(event)}>
        <label>
          State
          <select name="state" defaultValue={item.state}>
            {STATES.map((state) => (
              <option key={state} selected={state === item.state}>
                {state}
              </option>
            ))}
          </select>
        </label>
        <label>
          Owner <input name="owner" maxLength={128} defaultValue={item.owner ?? ''} />
        </label>
        <label>
          Note <textarea name="note" maxLength={2000} rows={3} defaultValue={item.note ?? ''} />
        </label>
        <p>
          <button type="submit">Save</button> <span role="status">{said}</span>
        </p>
      </form>
    </section>
  );
}
