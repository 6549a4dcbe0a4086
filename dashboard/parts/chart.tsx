import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface ChartPoint {
  /** Start of the hour or day, Unix seconds. */
  readonly second: number;
  readonly detected: number;
  readonly stopped: number;
}

interface ChartProps {
  readonly points: readonly ChartPoint[];
  /** What the picture says, for who does not see it. */
  readonly label: string;
}

const HEIGHT = 190;

/** Detected against stopped, a pair of bars for each hour or day; drawn anew when the width or the colours change. */
export function Chart({ points, label }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let plot: uPlot | undefined;
    const draw = (): void => {
      plot?.destroy();
      plot = new uPlot(optionsFor(element), dataOf(points), element);
    };
    draw();
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const resized = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height: HEIGHT }));
    dark.addEventListener('change', draw);
    resized.observe(element);
    return () => {
      dark.removeEventListener('change', draw);
      resized.disconnect();
      plot?.destroy();
    };
  }, [points]);
  return <div class="chart" ref={place} role="img" aria-label={label} />;
}

const dataOf = (points: readonly ChartPoint[]): uPlot.AlignedData => [
  points.map(({ second }) => second),
  points.map(({ detected }) => detected),
  points.map(({ stopped }) => stopped),
];

function optionsFor(element: HTMLElement): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis = { stroke: color('--quiet'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui' };
  const bars = uPlot.paths.bars?.({ size: [0.7, 40], align: 0 });
  const series = (name: string, stroke: string): uPlot.Series => ({
    label: name,
    stroke,
    fill: stroke,
    width: 0,
    points: { show: false },
    ...(bars === undefined ? {} : { paths: bars }),
  });
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(4, most * 1.1)] } },
    axes: [axis, { ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000] }],
    series: [{}, series('detected', color('--detected')), series('stopped', color('--stopped'))],
  };
}
