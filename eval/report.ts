import { CATALOGUE } from '../src/detect/catalogue.ts';
import type { KindRow, Measured } from './detection.ts';
import { GATED_RECORDS, type Gate, percent, show } from './gates.ts';
import { markdownTable } from './markdown-table.ts';
import { shareOf } from './statistics.ts';

const SUBJECTS = { attack: 'attacks', pii: 'personal data', secret: 'secrets' } as const;

/** The measured part of `docs/detection.md`. */
export function renderReport(
  measured: Measured,
  gates: readonly Gate[],
  { date, rules }: { readonly date: string; readonly rules: string },
): string {
  const { kinds, benign, pii, secrets, obfuscations, calibration, promptLeaks, times } = measured;
  const blocking = CATALOGUE.filter(({ tier }) => tier === 'block').length;
  return [
    `Measured on ${date} with ${CATALOGUE.length} detectors, ${blocking} of them in the block tier. Rules: \`${rules}\`.`,
    '### Goals',
    markdownTable(
      gates.map(({ gate, goal, measured: value, pass }) => ({
        goal: gate,
        wanted: goal,
        measured: value,
        '': pass === undefined ? '–' : pass ? 'met' : '**missed**',
      })),
    ),
    '### Harmless texts: false alarms',
    markdownTable(
      benign.map((row) => ({
        kind: `${row.kind}${row.records < GATED_RECORDS ? ' (not gated)' : ''}`,
        sets: row.set,
        records: row.records,
        'block tier': show(row.block),
        'either tier': show(row.flag),
      })),
    ),
    '### Attacks: recall',
    markdownTable(kinds.filter(({ label }) => label === 1).map(recallRow)),
    '### Personal data',
    markdownTable(
      pii
        .filter(({ wanted, lookAlikes }) => wanted + lookAlikes > 0)
        .map((row) => ({
          kind: row.kind,
          set: row.set,
          found: show(row.recall),
          'found in answers': show(row.recallOutput),
          'look-alikes spared': show(row.spared),
          'exact span': show(row.exact),
        })),
    ),
    '### Secrets',
    markdownTable(
      Object.entries(secrets).map(([lane, { recall, specificity }]) => ({
        lane,
        found: show(recall),
        'look-alikes spared': show(specificity),
      })),
    ),
    '### After obfuscation',
    markdownTable(
      [...Map.groupBy(obfuscations, ({ obfuscation }) => obfuscation)].map(([obfuscation, group]) => ({
        disguise: obfuscation,
        ...Object.fromEntries(
          Object.entries(SUBJECTS).map(([subject, title]) => [
            title,
            show(group.find((row) => row.subject === subject)?.found ?? shareOf(0, 0)),
          ]),
        ),
      })),
    ),
    `### System texts repeated in answers\n\n${promptLeaks.prompts} prompts of the sets as system texts, in answers that come token by token.`,
    markdownTable(
      promptLeaks.leaks.map(({ disguise, whole, part, covered }) => ({
        'repeated …': disguise,
        'all of it found': show(whole),
        'of its text': percent(covered),
        '25 words found': show(part),
      })),
    ),
    markdownTable(promptLeaks.spared.map(({ answer, found }) => ({ 'answers that are no leak': answer, 'false alarms': show(found) }))),
    '### Stated confidence and precision',
    markdownTable(
      calibration.map(({ tier, band, stated, precision }) => ({
        tier,
        confidence: band,
        'stated, mean': stated.toFixed(3),
        precision: show(precision),
      })),
    ),
    '### Time',
    markdownTable(
      times.map(({ set, records, units, meanMicros, p99Micros }) => ({
        set,
        records,
        'mean length': units,
        'mean µs': meanMicros.toFixed(1),
        'p99 µs': p99Micros.toFixed(0),
      })),
    ),
  ].join('\n\n');
}

function recallRow(row: KindRow): Readonly<Record<string, unknown>> {
  return {
    set: row.set,
    kind: row.kind,
    lane: `\`${row.lane}\``,
    records: row.records,
    'block tier': show(row.block),
    'either tier': show(row.flag),
    'either tier, tuned half': row.flagTuned.of === 0 ? '–' : percent(row.flagTuned.share),
  };
}
