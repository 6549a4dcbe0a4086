import { AppError } from '../lib/errors.ts';
import { parseSize } from '../policy/size.ts';
import { createRecorder, type Recorder } from '../replay/recorder.ts';
import { openRecordingFolder } from '../replay/recording-folder.ts';
import { createSeal } from '../replay/seal.ts';
import type { createLog } from '../telemetry/log.ts';
import type { Counters } from './counters.ts';
import { createLossReport } from './loss-report.ts';
import { VERSION } from './version.ts';

/** Flags of `sluice serve` about recording. */
export interface RecordFlags {
  readonly record?: string;
  /** A size, e.g. `1GiB`. */
  readonly recordMax?: string;
  readonly recordRaw?: boolean;
}

interface Sinks {
  readonly counters: Counters;
  readonly log: ReturnType<typeof createLog>;
}

/** The recorder that the flags ask for; undefined: none. Throws `settings-invalid`. */
export async function startRecorder(flags: RecordFlags, { counters, log }: Sinks): Promise<Recorder | undefined> {
  const { record: folder, recordMax = '1GiB', recordRaw = false } = flags;
  if (folder === undefined) {
    if (recordRaw) throw new AppError('settings-invalid', '--record-raw says how to record: it needs --record');
    return undefined;
  }
  const maxBytes = parseSize(recordMax);
  if (maxBytes === undefined) throw new AppError('settings-invalid', '--record-max is not a size such as 1GiB or 500MB');
  const recorder = createRecorder({
    folder: await openRecordingFolder(folder, maxBytes),
    seal: createSeal({ sluice: VERSION, redacted: !recordRaw }),
    onLoss: createLossReport({ counters, log, destination: 'recordings', event: 'recording-lost', what: 'exchanges were not recorded' }),
  });
  log.warn(
    { event: 'recording', folder, maxBytes, raw: recordRaw },
    `exchanges are recorded in ${folder}${recordRaw ? ', unredacted' : ''}`,
  );
  return recorder;
}
