import { useEffect, useRef, useState } from 'preact/hooks';
import { counted, shortened } from '../format.ts';

/** One line of the picture, from a name in one column to a name in a later one. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly fromColumn: 0 | 1;
  readonly toColumn: 1 | 2;
  readonly count: number;
  /** Whether findings came this way. */
  readonly bad: boolean;
}

interface FlowPictureProps {
  readonly edges: readonly Edge[];
  readonly columns: readonly [string, string, string];
}

const ROW = 34;
const TOP = 30;
const BOX = 26;
/** Narrower than this, pixels, names would be too short to read: the list below the picture says it all. */
const NARROWEST = 560;
const COLUMN_ROWS_MAX = 16;
const CHARACTER = 7.4;

/** Who reaches what, as boxes and lines; the same as sentences below, which is what screen readers and narrow windows get. */
export function FlowPicture({ edges, columns }: FlowPictureProps) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const resized = new ResizeObserver(() => setWidth(element.clientWidth));
    resized.observe(element);
    return () => resized.disconnect();
  }, []);
  return (
    <div ref={place}>
      {width >= NARROWEST && edges.length > 0 ? <Drawing edges={edges} columns={columns} width={width} /> : null}
      {edges.length === 0 ? <p class="quiet">Nobody is known to have come this way.</p> : <EdgeList edges={edges} />}
    </div>
  );
}

interface Drawn {
  readonly names: readonly (readonly string[])[];
  readonly shown: readonly Edge[];
  readonly height: number;
}

/** The busiest names of each column, in the order of their edges, and the edges between them. */
export function layOut(edges: readonly Edge[]): Drawn {
  const names = [0, 1, 2].map((column) => {
    const ends = edges.flatMap(({ from, to, fromColumn, toColumn }) => [
      ...(fromColumn === column ? [from] : []),
      ...(toColumn === column ? [to] : []),
    ]);
    return [...new Set(ends)].slice(0, COLUMN_ROWS_MAX);
  });
  const has = (column: number, name: string): boolean => names[column]?.includes(name) ?? false;
  const shown = edges.filter(({ from, to, fromColumn, toColumn }) => has(fromColumn, from) && has(toColumn, to));
  return { names, shown, height: TOP + ROW * Math.max(1, ...names.map((column) => column.length)) };
}

function Drawing({ edges, columns, width }: FlowPictureProps & { readonly width: number }) {
  const { names, shown, height } = layOut(edges);
  const box = Math.floor(width * 0.26);
  const x = (column: number): number => Math.floor(((width - box) / 2) * column);
  const y = (column: number, name: string): number => TOP + ROW * (names[column]?.indexOf(name) ?? 0) + BOX / 2;
  const most = Math.max(1, ...shown.map(({ count }) => count));
  return (
    <svg class="flows" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {shown.map((edge) => {
        const [startX, startY] = [x(edge.fromColumn) + box, y(edge.fromColumn, edge.from)];
        const [endX, endY] = [x(edge.toColumn), y(edge.toColumn, edge.to)];
        const bend = (endX - startX) / 2;
        return (
          <path
            key={[edge.fromColumn, edge.from, edge.toColumn, edge.to].join('\0')}
            class={edge.bad ? 'bad' : ''}
            d={`M${startX} ${startY}C${startX + bend} ${startY} ${endX - bend} ${endY} ${endX} ${endY}`}
            stroke-width={1 + (4 * Math.log1p(edge.count)) / Math.log1p(most)}
          />
        );
      })}
      {names.map((column, index) => (
        <g key={columns[index]}>
          <text class="title" x={x(index)} y={14}>
            {shortened(columns[index] ?? '', Math.floor(box / CHARACTER))}
          </text>
          {column.map((name) => (
            <g key={name}>
              <title>{name}</title>
              <rect x={x(index)} y={y(index, name) - BOX / 2} width={box} height={BOX} rx={6} />
              <text x={x(index) + 8} y={y(index, name) + 4}>
                {shortened(name, Math.max(4, Math.floor((box - 16) / CHARACTER)))}
              </text>
            </g>
          ))}
        </g>
      ))}
    </svg>
  );
}

const LISTED = 100;

const EdgeList = ({ edges }: { readonly edges: readonly Edge[] }) => (
  <details class="edges">
    <summary>The same as a list</summary>
    <ul class="lines">
      {edges.slice(0, LISTED).map((edge) => (
        <li key={[edge.fromColumn, edge.from, edge.toColumn, edge.to].join('\0')}>
          <span>
            <code>{edge.from}</code> <span aria-hidden="true">→</span>
            <span class="unseen">to</span> <code>{edge.to}</code>
          </span>
          <span class={edge.bad ? 'mark passed' : 'quiet'}>
            {counted(edge.count, 'time')}
            {edge.bad ? ', with findings' : ''}
          </span>
        </li>
      ))}
    </ul>
    {edges.length > LISTED ? <p class="quiet">and {edges.length - LISTED} more</p> : null}
  </details>
);
