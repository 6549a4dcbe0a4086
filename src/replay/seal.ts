import type { ExchangeRecord } from '../exchange/events.ts';
import type { ExchangeOptions } from '../exchange/exchange-state.ts';
import { eventLine, headerLine, outcomeLine, type RecordingHeader } from './codec.ts';
import { createPlaceholders } from './placeholders.ts';
import { catalogueEngine, createRedaction } from './redaction.ts';
import { replayEvents, type Step } from './replay.ts';

/** What an exchange was opened with. */
export type ExchangeSetup = Omit<ExchangeOptions, 'hash'>;

/** An exchange as it happened, until its record or its failure. */
export interface Take extends ExchangeSetup {
  readonly steps: readonly Step[];
}

/** Makes the text of a recording. */
export type Seal = (take: Take) => string;

/** `redacted: false` writes what happened, credentials included. */
export function createSeal({ sluice, redacted }: { readonly sluice: string; readonly redacted: boolean }): Seal {
  const head = (take: Take): RecordingHeader => {
    const record = recordIn(take.steps);
    return {
      version: 1,
      sluice,
      exchangeId: take.exchangeId,
      startUnixMs: startOf(take.steps),
      policy: { version: take.policy.version, mode: take.policy.mode },
      fallbackModes: take.fallbackModes,
      traceparent: take.traceparent,
      tracestate: take.tracestate,
      overloaded: take.overloaded ?? false,
      consults: take.consults ?? false,
      callerHash: record?.callerHash,
      redacted,
      live: record && { verdict: record.verdict, outcome: record.outcome },
    };
  };
  const steps = redacted ? createRedactedSteps() : (take: Take) => take.steps;
  return (take) => {
    const header = head(take);
    const lines = steps(take, header).flatMap(({ event, outcome }) => [eventLine(event), outcomeLine(outcome)]);
    return headerLine(header) + lines.join('');
  };
}

/**
 * What stands in a redacted recording are events without what is sensitive, and the effects that these events have: the real effects belong
 * to other text, and no replay could give them again. `live` in the header says how the real exchange ended.
 */
function createRedactedSteps(): (take: Take, header: RecordingHeader) => readonly Step[] {
  const catalogue = catalogueEngine();
  const redaction = createRedaction(catalogue);
  const placeholders = createPlaceholders(catalogue);
  return ({ steps, policy }, header) => {
    const events = redaction.events(
      steps.map(({ event }) => event),
      policy,
    );
    const outcomes = replayEvents(events, header, { policy, placeholders });
    return outcomes.map((outcome, i) => ({ event: events[i]!, outcome }));
  };
}

function recordIn(steps: readonly Step[]): ExchangeRecord | undefined {
  const last = steps.at(-1)?.outcome;
  const effect = last === undefined || 'threw' in last ? undefined : last.effects.findLast(({ kind }) => kind === 'record');
  return effect?.kind === 'record' ? effect.record : undefined;
}

/** Unix milliseconds of the first event that has a time; 0 when none has. */
export function startOf(steps: readonly Step[]): number {
  for (const { event } of steps) if (event.kind !== 'open') return event.unixMs;
  return 0;
}
