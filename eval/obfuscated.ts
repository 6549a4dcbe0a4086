import type { Scanned } from './detection.ts';
import type { Inspect } from './inspect.ts';
import { OBFUSCATIONS } from './obfuscations.ts';
import type { DataRecord } from './records.ts';
import { isAbout, type Subject } from './sets.ts';
import { type Share, shareWhere } from './statistics.ts';

/** Positives of a subject that were found as they are, and how many of them are found in a disguise. */
export interface ObfuscationRow {
  readonly subject: Subject;
  readonly obfuscation: string;
  readonly found: Share;
}

/** Disguises the positives that were found. Words can take all ten; numbers and random strings those that keep every character. */
export function obfuscate(inspect: Inspect, scanned: readonly Scanned[]): readonly ObfuscationRow[] {
  const positives = scanned.filter(({ record, findings }) => record.label === 1 && findings.length > 0);
  return (['attack', 'pii', 'secret'] as const).flatMap((subject) => {
    const ours = positives.filter((one) => one.subject === subject);
    const apt = OBFUSCATIONS.filter(({ keeps }) => subject === 'attack' || keeps === 'everything');
    return apt.map(({ name, disguise }) => ({
      subject,
      obfuscation: name,
      found: shareWhere(ours, ({ record, lane }) =>
        inspect(disguise(record.text, seedOf(record)), lane).some((finding) => isAbout(subject, finding)),
      ),
    }));
  });
}

/** The number in a record's id, so that a disguise is the same in every run. */
const seedOf = ({ id }: DataRecord): number => Number(/\d+$/.exec(id)?.[0] ?? 0);
