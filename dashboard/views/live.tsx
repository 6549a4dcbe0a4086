import { useEffect, useState } from 'preact/hooks';
import { moment } from '../format.ts';
import { type TailNews, type TailState, watchTail } from '../news.ts';
import { Level, Place, Taken } from '../parts/marks.tsx';
import { Empty } from '../parts/states.tsx';
import { linkTo } from '../route.ts';
import { changeName, familyName } from '../words.ts';

const STATES: Readonly<Record<TailState, string>> = {
  starting: 'Connecting …',
  following: 'Connected: findings and changes appear as they happen.',
  away: 'The connection broke off. It is tried again every two seconds.',
};

/** Findings and changes as they are committed. Held still, what comes meanwhile waits. */
export function LiveView() {
  const [tail, setTail] = useState<Parameters<Parameters<typeof watchTail>[0]>[0]>({ state: 'starting', events: [] });
  const [held, setHeld] = useState<readonly TailNews[]>();
  useEffect(() => watchTail(setTail), []);
  const events = held ?? tail.events;
  const waiting =
    held === undefined ? 0 : tail.events.filter((event) => !isDismissed(event) && !held.some(({ id }) => id === event.id)).length;
  return (
    <>
      <h1>Live</h1>
      <p class="row">
        <span role="status" class={tail.state === 'following' ? 'pulse' : 'pulse away'}>
          {STATES[tail.state]}
        </span>
        <button type="button" onClick={() => setHeld(held === undefined ? tail.events : undefined)}>
          {held === undefined ? 'Hold still' : `Go on (${waiting} waiting)`}
        </button>
      </p>
      {events.length === 0 ? (
        <Empty title="Nothing has happened since this page was opened">
          Send a request with a finding through the gateway: it stands here within a second or two.
        </Empty>
      ) : (
        <ol class="lines" aria-live={held === undefined ? 'polite' : 'off'}>
          {events.map((event) => (
            <li key={event.id}>
              {event.kind === 'finding' ? <FindingLine event={event} /> : <ChangeLine event={event} />}
              <time dateTime={event.data.time}>{moment(event.data.time)}</time>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

/** What somebody has dismissed is told, and counts for nothing. */
const isDismissed = (event: TailNews): boolean => event.kind === 'finding' && event.data.dismissal !== null;

const FindingLine = ({ event: { data } }: { readonly event: TailNews & { readonly kind: 'finding' } }) => (
  <span>
    <span class="marks">
      <Level level={data.severity} /> <Taken taken={data.taken} /> {data.dismissal === null ? null : <span class="mark">dismissed</span>}
    </span>{' '}
    <b>{familyName(data.family)}</b> <code>{data.detector}</code>
    <br />
    {data.endpointId === null ? (
      <Place {...data} />
    ) : (
      <a href={linkTo(`endpoints/${data.endpointId}`)}>
        <Place {...data} />
      </a>
    )}
  </span>
);

const ChangeLine = ({ event: { data } }: { readonly event: TailNews & { readonly kind: 'change' } }) => (
  <span>
    <span class="mark level-info">{changeName(data.change)}</span> <code>{data.subject}</code> <small>{data.reason}</small>
  </span>
);
