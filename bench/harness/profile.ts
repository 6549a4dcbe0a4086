import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoopReport } from './loop.ts';
import { rounded } from './statistics.ts';

/** What of a CPU profile of V8 (`Profiler.stop`) is read. Deltas in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame; readonly children?: readonly number[] | undefined }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** What of a sampled heap profile (`HeapProfiler.stopSampling`) is read. */
export interface AllocationProfile {
  readonly head: AllocationNode;
}

interface AllocationNode {
  readonly callFrame: CallFrame;
  readonly selfSize: number;
  readonly children: readonly AllocationNode[];
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

/** A function and its own share, in percent, of the busy time (or of the bytes). */
export interface Hot {
  readonly function: string;
  readonly share: number;
}

export interface CpuReport {
  /** Functions by the time in themselves, the busiest first; at most `TOP`. */
  readonly top: readonly Hot[];
  /** Share of the busy time of each stage, in percent; they add up to 100. */
  readonly stages: Readonly<Record<Stage, number>>;
  /** Of garbage collection in the busy time, in percent. */
  readonly gcShare: number;
  /** Of the whole time, in percent. */
  readonly idleShare: number;
}

export interface AllocationReport {
  readonly allocatedBytesEach: number;
  readonly allocation: readonly Hot[];
}

/** What is kept of profiles beside a record, instead of files of megabytes. */
export interface Profile extends CpuReport, AllocationReport {
  readonly loop: LoopReport;
}

const TOP = 40;
const TOP_ALLOCATION = 20;

/** Where the time of an exchange goes, in the order in which it gets there. */
export const STAGES = [
  'transport',
  'reading',
  'exchange',
  'lanes',
  'scan',
  'identity and policy',
  'telemetry',
  'garbage collection',
  'other',
] as const;
export type Stage = (typeof STAGES)[number];

/** The stage of a file under `src`, by the beginning of its path; the first that fits. */
const STAGE_OF_FILE: readonly (readonly [string, Stage])[] = [
  ['extproc/http2', 'transport'],
  ['extproc/server', 'transport'],
  ['extproc/grpc', 'transport'],
  ['extproc/keepalive', 'transport'],
  ['extproc/health', 'transport'],
  ['extproc/', 'reading'],
  ['wire/', 'lanes'],
  ['text/', 'lanes'],
  ['detect/', 'scan'],
  ['agents/', 'identity and policy'],
  ['policy/', 'identity and policy'],
  ['services/', 'identity and policy'],
  ['cli/caller-watch', 'identity and policy'],
  ['cli/identity-hash', 'identity and policy'],
  ['exchange/', 'exchange'],
  ['respond/', 'exchange'],
  ['telemetry/', 'telemetry'],
  ['cli/', 'telemetry'],
];

/** Where the call that begins a profile stands: it takes tens of milliseconds. */
const PROFILER = 'node:inspector';

/** Busiest functions and stages of a CPU profile. The profiler's own time is left out; time in which nothing was to be done is left out of all shares but `idleShare`. */
export function reduceProfile({ nodes, samples, timeDeltas }: CpuProfile): CpuReport {
  const stageOfNode = stagesOf(nodes);
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const [functions, stages] = [new Map<string, number>(), new Map<Stage, number>()];
  const add = <K>(to: Map<K, number>, key: K, micros: number): unknown => to.set(key, (to.get(key) ?? 0) + micros);
  let [busy, idle] = [0, 0];
  samples.forEach((id, at) => {
    const [frame, stage] = [frames.get(id), stageOfNode.get(id)];
    if (frame === undefined || stage === undefined) return;
    const micros = Math.max(0, timeDeltas[at] ?? 0);
    if (frame.url === PROFILER) return;
    if (frame.functionName === '(idle)') {
      idle += micros;
      return;
    }
    busy += micros;
    add(functions, nameOf(frame), micros);
    add(stages, stage, micros);
  });
  const share = (part = 0): number => rounded(busy === 0 ? 0 : (100 * part) / busy, 1);
  const hottest = [...functions].toSorted(([, left], [, right]) => right - left).slice(0, TOP);
  return {
    top: hottest.map(([name, micros]) => ({ function: name, share: share(micros) })),
    stages: Object.fromEntries(STAGES.map((stage) => [stage, share(stages.get(stage))])) as Record<Stage, number>,
    gcShare: share(stages.get('garbage collection')),
    idleShare: rounded(busy + idle === 0 ? 0 : (100 * idle) / (busy + idle), 1),
  };
}

/**
 * The stage of each node. Time in what Node or V8 brought, and in `src/lib`, belongs to who called it; below the reading of messages what Node
 * does is the writing of frames.
 */
function stagesOf(nodes: CpuProfile['nodes']): ReadonlyMap<number, Stage> {
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)));
  return new Map(
    nodes.map((node) => {
      let owner: (typeof nodes)[number] | undefined = node;
      while (owner !== undefined && servesOthers(owner.callFrame)) owner = parents.get(owner.id);
      const stage = owner === undefined ? stageOf(node.callFrame) : stageOf(owner.callFrame);
      return [node.id, stage === 'reading' && isBuiltIn(node.callFrame) ? 'transport' : stage];
    }),
  );
}

function servesOthers(frame: CallFrame): boolean {
  return isBuiltIn(frame) || sourceOf(frame.url).startsWith('src/lib/');
}

function isBuiltIn({ functionName, url }: CallFrame): boolean {
  return (url === '' && functionName !== '(garbage collector)') || url.startsWith('node:');
}

/** Bytes allocated by each function itself, what has been collected since included. */
export function reduceAllocation({ head }: AllocationProfile, exchanges: number): AllocationReport {
  const bytes = new Map<string, number>();
  const nodes = [head];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (node.selfSize > 0) bytes.set(nameOf(node.callFrame), (bytes.get(nameOf(node.callFrame)) ?? 0) + node.selfSize);
    nodes.push(...node.children);
  }
  const whole = sum([...bytes.values()]);
  const sorted = [...bytes].toSorted(([, a], [, b]) => b - a).slice(0, TOP_ALLOCATION);
  return {
    allocatedBytesEach: exchanges === 0 ? 0 : Math.round(whole / exchanges),
    allocation: sorted.map(([name, size]) => ({ function: name, share: rounded((100 * size) / whole, 1) })),
  };
}

/** Which stage the time in a function belongs to. What nobody of ours called is nearly all HTTP/2, sockets and timers. */
export function stageOf({ functionName, url }: CallFrame): Stage {
  if (functionName === '(garbage collector)') return 'garbage collection';
  const file = sourceOf(url);
  if (file.startsWith('src/')) return STAGE_OF_FILE.find(([beginning]) => file.startsWith(`src/${beginning}`))?.[1] ?? 'other';
  if (file.startsWith('node_modules/@opentelemetry/')) return 'telemetry';
  return file === '' || file.startsWith('node:') ? 'transport' : 'other';
}

/** `function file:line`; of packages their name, of this project the path in it, never the path of the machine. */
function nameOf({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  const file = sourceOf(url);
  return file === '' ? name : `${name} ${file}:${lineNumber + 1}`;
}

const root = path.resolve(import.meta.dirname, '../..');

function sourceOf(url: string): string {
  if (!url.startsWith('file:')) return url;
  const file = fileURLToPath(url);
  const packages = file.lastIndexOf('/node_modules/');
  if (packages >= 0) return file.slice(packages + 1);
  return file.startsWith(root + path.sep) ? path.relative(root, file) : path.basename(file);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
