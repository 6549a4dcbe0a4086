import { ago, moment } from '../format.ts';
import { takenWord, wasStopped } from '../words.ts';

/** How bad: a word with a colour, never a colour alone. */
export const Level = ({ level, note }: { readonly level: string; readonly note?: string | undefined }) => (
  <span class={`mark level-${LEVELS.has(level) ? level : 'other'}`}>
    {level}
    {note === undefined ? null : ` ${note}`}
  </span>
);
const LEVELS: ReadonlySet<string> = new Set(['info', 'low', 'medium', 'high', 'critical']);

/** What was done about a finding. */
export const Taken = ({ taken }: { readonly taken: string }) => (
  <span class={`mark ${wasStopped(taken) ? 'stopped' : 'passed'}`}>{takenWord(taken)}</span>
);

/** How an endpoint stands against what is declared. */
export const Status = ({ status }: { readonly status: string | null }) =>
  status === null ? null : <span class={`mark status-${status}`}>{status}</span>;

/** A time as people say it; the exact one on hovering and for screen readers. */
export const Ago = ({ time }: { readonly time: string }) => (
  <time dateTime={time} title={moment(time)}>
    {ago(time, Date.now())}
  </time>
);

interface NamesProps {
  readonly names: readonly string[] | undefined;
  /** How many are shown; default 4. */
  readonly most?: number;
}

/** A few names, and how many more there are. */
export function Names({ names = [], most = 4 }: NamesProps) {
  if (names.length === 0) return <span class="quiet">none</span>;
  return (
    <span class="names">
      {names.slice(0, most).map((name) => (
        <code key={name}>{name}</code>
      ))}
      {names.length > most ? <span class="quiet">and {names.length - most} more</span> : null}
    </span>
  );
}

/** Method, host and path, in which any character may break to the next line. */
export const Place = ({ method, host, path }: { readonly method: string; readonly host: string; readonly path: string }) => (
  <span class="place">
    <b>{method}</b> <span class="quiet">{host}</span>
    <wbr />
    {path}
  </span>
);
