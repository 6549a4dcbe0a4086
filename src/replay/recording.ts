import { type Line, type RecordingHeader, readLine } from './codec.ts';
import type { Step } from './replay.ts';

/** One recorded exchange, as far as it could be read. */
export interface Recording {
  /** Undefined: its first line is none. */
  readonly header: RecordingHeader | undefined;
  readonly steps: readonly Step[];
  /** The line (from 1) at which reading stopped, and why; what follows in the exchange would be another one's story. */
  readonly broken: { readonly line: number; readonly reason: string } | undefined;
}

/** Reads recordings, one after the other: each begins with its header. A broken line ends its exchange; the next header goes on. */
export async function* readRecordings(lines: AsyncIterable<string>): AsyncGenerator<Recording> {
  let current: OpenRecording | undefined;
  let number = 0;
  for await (const text of lines) {
    number++;
    if (text.trim() === '') continue;
    const result = readLine(text);
    if (result.ok && result.line.kind === 'header') {
      if (current !== undefined) yield closed(current, number);
      current = { header: result.line.header, steps: [], event: undefined, broken: undefined };
      continue;
    }
    current ??= { header: undefined, steps: [], event: undefined, broken: undefined };
    if (current.broken !== undefined) continue;
    const reason = result.ok ? take(current, result.line) : result.reason;
    if (reason !== undefined) current.broken = { line: number, reason };
  }
  if (current !== undefined) yield closed(current, number + 1);
}

interface OpenRecording {
  readonly header: RecordingHeader | undefined;
  readonly steps: Step[];
  event: Extract<Line, { kind: 'event' }>['event'] | undefined;
  broken: Recording['broken'];
}

/** Adds a line; what is wrong with its place, if anything. */
function take(recording: OpenRecording, line: Line): string | undefined {
  if (recording.header === undefined) return 'a recording begins with its header';
  if (line.kind === 'event') {
    if (recording.event !== undefined) return 'an event where the effects of the one before were due';
    recording.event = line.event;
  } else if (line.kind === 'outcome') {
    if (recording.event === undefined) return 'effects without an event';
    recording.steps.push({ event: recording.event, outcome: line.outcome });
    recording.event = undefined;
  }
  return undefined;
}

function closed({ header, steps, event, broken }: OpenRecording, nextLine: number): Recording {
  const cutOff = event === undefined ? undefined : { line: nextLine, reason: 'the effects of the last event are missing' };
  return { header, steps, broken: broken ?? cutOff };
}
