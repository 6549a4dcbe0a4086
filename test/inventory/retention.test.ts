import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { approvedBy } from '../../src/inventory/approved.ts';
import { createCatalog } from '../../src/inventory/catalog.ts';
import { CHANGE_KINDS } from '../../src/inventory/changes.ts';
import { declaredBy } from '../../src/inventory/declared.ts';
import { createDesk } from '../../src/inventory/desk.ts';
import { createLedger } from '../../src/inventory/ledger.ts';
import { openSqliteStore } from '../../src/inventory/stores/sqlite.ts';
import { INVENTORY, WEBHOOK } from '../../src/lib/limits.ts';
import { ownSpan } from './spans.ts';

const PAGE = readFileSync(path.resolve(import.meta.dirname, '../../docs/inventory.md'), 'utf8');
const DAY_MS = 86_400_000;
const SEEN_MS = 1_790_000_000_000;
const FINDING = { 'sluice.finding.count': 1, 'sluice.finding.rows': ['pii.card|pii|high|0.99|user|request|redact|redact|10|16'] };

/** Rows, findings and changes that are left of one exchange so many days later. */
async function leftAfter(days: number): Promise<readonly [rows: number, findings: number, changes: number]> {
  const store = await openSqliteStore(':memory:');
  const ledger = createLedger({ store });
  const sources = { declared: declaredBy([]), approved: approvedBy({ version: 1 }) };
  await ledger.add([ownSpan({ startUnixMs: SEEN_MS, endUnixMs: SEEN_MS }, FINDING)]);
  await createDesk({ ...sources, ledger, goneMs: DAY_MS, now: () => SEEN_MS }).takeStock();
  await ledger.prune(SEEN_MS + days * DAY_MS);
  const { rows } = createCatalog(await ledger.read(), sources);
  const findings = await store.findings({ limit: 10, equals: {} });
  const changes = await store.changes({ afterSeq: 0, limit: 10 });
  await store.close();
  return [rows.endpoints.length, findings.length, changes.length];
}

it.each([
  ['findings', INVENTORY.findingDays, [1, 1, 3], [1, 0, 3]],
  ['changes', INVENTORY.changeDays, [1, 0, 3], [1, 0, 0]],
  ['rows', INVENTORY.factDays, [1, 0, 0], [0, 0, 0]],
] as const)('forgets %s after %i days and not on the last of them', async (_, days, before, after) => {
  expect([await leftAfter(days), await leftAfter(days + 1)]).toEqual([before, after]);
});

it.each([
  [`${INVENTORY.findingDays} days; ${INVENTORY.findings.toLocaleString('en')}`],
  [`${INVENTORY.changeDays} days |`],
  [`${INVENTORY.factDays} days after they were last seen; ${INVENTORY.rows.toLocaleString('en')} of each kind`],
  [`the last ${INVENTORY.seenSpans.toLocaleString('en')} |`],
  [`${WEBHOOK.queueChanges.toLocaleString('en')} changes wait`],
  [`tried ${WEBHOOK.attempts} times`],
])('docs/inventory.md says %j as the limits do', (claim) => {
  expect(PAGE).toContain(claim);
});

it('docs/inventory.md names every kind of change', () => {
  expect(CHANGE_KINDS.filter((kind) => !PAGE.includes(`\`${kind}\``))).toEqual([]);
});
