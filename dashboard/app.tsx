import { useEffect, useRef } from 'preact/hooks';
import { type Answer, useAnswer } from './answer.ts';
import type { Overview } from './api.ts';
import { moment } from './format.ts';
import { Ago } from './parts/marks.tsx';
import { TokenForm } from './parts/token-form.tsx';
import { linkTo, type Route, useRoute } from './route.ts';
import { AgentsView } from './views/agents.tsx';
import { EndpointView } from './views/endpoint.tsx';
import { EndpointsView } from './views/endpoints.tsx';
import { FindingsView } from './views/findings.tsx';
import { FlowsView } from './views/flows.tsx';
import { LiveView } from './views/live.tsx';
import { OverviewView } from './views/overview.tsx';

const VIEWS = [
  ['', 'Overview'],
  ['endpoints', 'Inventory'],
  ['findings', 'Findings'],
  ['agents', 'Agents'],
  ['flows', 'Flows'],
  ['live', 'Live'],
] as const;

/** The whole page: navigation beside one view. */
export function App() {
  const route = useRoute();
  const overview = useAnswer<Overview>('overview');
  const main = useRef<HTMLElement>(null);
  const view = route.words.join('/');
  useEffect(() => {
    const title = VIEWS.find(([name]) => name === (route.words[0] ?? ''))?.[1] ?? 'Not found';
    document.title = `${title} · Sluice`;
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [view]);
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <header class="side">
        <a class="brand" href="#/">
          <img src={ICON} alt="" width="24" height="24" /> Sluice
        </a>
        <nav aria-label="Views">
          {VIEWS.map(([name, title]) => (
            <a key={name} href={linkTo(name)} aria-current={(route.words[0] ?? '') === name ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <Connection answer={overview} />
        {needsToken(overview) ? <TokenForm /> : <View route={route} overview={overview} />}
      </main>
    </div>
  );
}

const ICON = new URL('./icon.svg', import.meta.url).href;

const needsToken = (answer: Answer<Overview>): boolean => answer.kind !== 'loading' && answer.problem?.kind === 'token';

/** Says when what is shown is no longer fresh: this page has lost the inventory, or the inventory has lost every filter. */
function Connection({ answer }: { readonly answer: Answer<Overview> }) {
  return <div role="status">{answer.kind === 'ready' ? <Stale answer={answer} /> : null}</div>;
}

/** A filter says every minute that it is there; after three without a word from any, in milliseconds, something is wrong. */
const SILENT_MS = 180_000;

function Stale({ answer: { value, problem, atMs } }: { readonly answer: Answer<Overview> & { readonly kind: 'ready' } }) {
  if (problem?.kind === 'down')
    return (
      <p class="banner">
        <strong>Out of date: the inventory does not answer.</strong> You see what it knew at {moment(new Date(atMs).toISOString())}. This
        page asks again every few seconds and goes on by itself. If that takes long: does <code>sluice up</code> or{' '}
        <code>sluice inventory serve</code> still run?
      </p>
    );
  const { filterHeard } = value;
  if (filterHeard === null || Date.now() - Date.parse(filterHeard) < SILENT_MS) return null;
  return (
    <p class="banner">
      <strong>Out of date: no filter reports any more.</strong> The last word of one came <Ago time={filterHeard} />, at{' '}
      {moment(filterHeard)}. What goes through the gateway since then is not on this page. Does <code>sluice serve</code> still run, and
      does it reach this inventory? Its log says <code>telemetry-lost</code> when it does not.
    </p>
  );
}

function View({ route, overview }: { readonly route: Route; readonly overview: Answer<Overview> }) {
  const [view = '', id] = route.words;
  switch (view) {
    case '':
      return <OverviewView answer={overview} />;
    case 'endpoints':
      return id === undefined ? <EndpointsView query={route.query} /> : <EndpointView key={id} id={id} />;
    case 'findings':
      return <FindingsView query={route.query} />;
    case 'agents':
      return <AgentsView query={route.query} />;
    case 'flows':
      return <FlowsView />;
    case 'live':
      return <LiveView />;
    default:
      return (
        <section>
          <h1>There is no such view</h1>
          <p>
            <a href="#/">To the overview</a>
          </p>
        </section>
      );
  }
}
