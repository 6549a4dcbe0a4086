import type { ExchangeRecord } from '../exchange/events.ts';
import { type createLog, findingLine } from '../telemetry/log.ts';
import { safeName, templatePath } from '../telemetry/path-template.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Counters } from './counters.ts';
import { LOG_EVENT } from './filter-log.ts';

export interface RecordSinks {
  readonly counters: Counters;
  readonly telemetry: Telemetry;
  readonly log: ReturnType<typeof createLog>;
  readonly redact: (name: string) => string;
}

/** Counts a record, hands it to telemetry and logs what was found and what was not inspected. */
export function keepRecord(record: ExchangeRecord, { counters, telemetry, log, redact }: RecordSinks): void {
  counters.add(record);
  telemetry.record(record);
  const silent = record.findings.length === 0 && record.uninspected.length === 0;
  if (silent || !log.isLevelEnabled('info')) return;
  const path = templatePath(record.path, redact);
  const { exchangeId: exchange, outcome } = record;
  const method = safeName(record.method, redact);
  for (const { direction, reason } of record.uninspected) {
    log.info({ event: LOG_EVENT.uninspected, exchange, direction, reason, outcome, method, path }, `${direction} not inspected: ${reason}`);
  }
  for (const finding of record.findings) {
    const { detector, severity, lane, direction, action, taken } = finding;
    const fields = {
      event: LOG_EVENT.finding,
      exchange,
      detector,
      severity,
      lane,
      direction,
      action,
      taken,
      subject: finding.subject,
      rule: finding.rule,
      reason: finding.reason,
      explanation: finding.explanation,
      agent: record.caller?.agent,
      method,
      path,
    };
    log.info(fields, findingLine(record, finding, { redact }));
  }
}
