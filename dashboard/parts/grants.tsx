import type { GrantedList, GrantRow } from '../api.ts';
import { amount, counted } from '../format.ts';
import { FoldOut } from './fold-out.tsx';
import { type Columns, ListTable } from './list-table.tsx';
import { Ago } from './marks.tsx';

/** Agents of the policies with what each is granted; opened, entry by entry. */
export const Grants = ({ rows }: { readonly rows: readonly GrantRow[] }) => (
  <ul class="findings">
    {rows.map((row) => (
      <Grant key={row.id} row={row} />
    ))}
  </ul>
);

const Grant = ({ row }: { readonly row: GrantRow }) => <FoldOut line={<GrantLine row={row} />} opened={() => <Opened row={row} />} />;

const GrantLine = ({ row }: { readonly row: GrantRow }) => (
  <>
    <span class="marks">
      {row.neverUsed === 0 ? null : <span class="mark level-medium">{amount(row.neverUsed)} never used</span>}{' '}
      {row.refused === 0 ? null : <span class="mark level-high">{amount(row.refused)} refused</span>}{' '}
      {row.neverUsed + row.refused === 0 ? <span class="mark level-low">nothing to do</span> : null}
    </span>{' '}
    <span class="what">
      <b class="anywhere">{row.agent}</b> <br />
      <span class="quiet">{usedOf(row)}</span>
    </span>{' '}
    {row.lastUsed === null ? <span class="quiet">never seen</span> : <Ago time={row.lastUsed} />}
  </>
);

const usedOf = ({ granted, used }: GrantRow): string =>
  granted === 0 ? 'no entry allows anything by name' : `${amount(used)} of ${counted(granted, 'entry', 'entries')} used`;

function Opened({ row }: { readonly row: GrantRow }) {
  const lines = linesOf(row);
  const open = row.lists.filter(({ everything }) => everything).map(({ list }) => list);
  const closed = row.lists.filter(({ everything, entries }) => !everything && entries.length === 0).map(({ list }) => list);
  return (
    <div class="opened">
      {row.inForce ? null : (
        <p class="advice">
          No filter goes by this policy any more, and no policy that holds now has this agent. This is what it was granted.
        </p>
      )}
      {row.stated ? (
        <p>Told only by what a client says of itself: these lists restrict it, and grant it no more than a stranger gets.</p>
      ) : null}
      {lines.length === 0 ? null : (
        <ListTable caption={`What ${row.agent} is granted, and used`} columns={COLUMNS} rows={lines} keyOf={({ key }) => key} />
      )}
      {closed.length === 0 ? null : <p>Nothing is granted of: {closed.join(', ')}.</p>}
      {open.length === 0 ? null : <p>Everything is granted that is not denied of: {open.join(', ')}.</p>}
      {row.leftOut === 0 ? null : <p>{counted(row.leftOut, 'entry', 'entries')} more cannot be shown here; the command below has them.</p>}
      {row.unnamed === 0 ? null : <p>{counted(row.unnamed, 'use')} more of names that are only counted.</p>}
      <p class="quiet">
        Policy {row.policyVersion}, taken <Ago time={row.loaded} />
      </p>
      <p class="advice">
        <b>What to do:</b> {adviceOn(row)} The smallest row that would have allowed what was used, as a diff:{' '}
        <code>sluice agents tighten {row.agent}</code>
      </p>
    </div>
  );
}

function adviceOn({ neverUsed, refused }: GrantRow): string {
  const revoke = neverUsed === 0 ? '' : 'Revoke what was never used, once the agent has been watched for long enough to tell.';
  const look = refused === 0 ? '' : 'Look at what was refused: an attack, or a row that grants too little.';
  return [revoke, look].filter((part) => part !== '').join(' ') || 'Nothing: all that is granted was used, and nothing was refused.';
}

interface Line {
  readonly key: string;
  readonly list: string;
  readonly name: string;
  readonly standing: keyof typeof STANDINGS;
  readonly count: number;
  readonly last: string | null;
}

/** What each line is: words, and the colour they have. */
const STANDINGS = {
  never: { words: 'never used: revoke?', level: 'medium' },
  used: { words: 'granted and used', level: 'low' },
  unlisted: { words: 'used, no entry names it', level: 'info' },
  refused: { words: 'refused', level: 'high' },
} as const;

/** What was never used first, because that is what somebody has to decide on; then what was refused. */
const linesOf = ({ lists }: GrantRow): readonly Line[] =>
  lists.flatMap(linesOfList).toSorted((left, right) => ORDER.indexOf(left.standing) - ORDER.indexOf(right.standing));
const ORDER: readonly Line['standing'][] = ['never', 'refused', 'used', 'unlisted'];

function linesOfList({ list, entries, unlisted, refused }: GrantedList): readonly Line[] {
  const line =
    (standing?: Line['standing']) =>
    (use: GrantedList['entries'][number]): Line => {
      const standsAs = standing ?? (use.count === 0 ? 'never' : 'used');
      return { ...use, list, standing: standsAs, key: `${standsAs} ${list} ${use.name}` };
    };
  return [...entries.map(line()), ...unlisted.map(line('unlisted')), ...refused.map(line('refused'))];
}

const COLUMNS: Columns<Line> = [
  { title: 'Entry or name', cell: ({ name }) => <code class="anywhere">{name}</code> },
  { title: 'List', cell: ({ list }) => list },
  {
    title: 'Standing',
    cell: ({ standing }) => <span class={`mark level-${STANDINGS[standing].level}`}>{STANDINGS[standing].words}</span>,
  },
  { title: 'Times', number: true, cell: ({ count }) => amount(count) },
  { title: 'Last', cell: ({ last }) => (last === null ? 'never' : <Ago time={last} />) },
];
