import path from 'node:path';
import type { DismissalAnswer } from '../inventory/dismissals.ts';
import { AppError, EXIT } from '../lib/errors.ts';
import { unifiedDiff } from '../lib/unified-diff.ts';
import type { ExceptionRow } from '../policy/schema.ts';
import { type Answer, type InventoryAddress, withInventory } from './inventory-client.ts';
import { policyWithException } from './policy.ts';
import { printable } from './printable.ts';
import { say } from './terminal.ts';

interface Flags extends InventoryAddress {
  readonly json?: boolean;
}

export interface ListFlags extends Flags {
  readonly all?: boolean;
  readonly detector?: string;
  readonly since?: string;
  readonly limit: number;
}

/** `sluice findings list`: the newest first, those that nobody has dismissed. Exit 1 when there are any. */
export async function listFindings({ url, json, all, detector, since, limit }: ListFlags): Promise<number> {
  const state = all ? undefined : 'open';
  const findings = await withInventory({ url }, (client) => client.rows('findings', { state, detector, since }, limit));
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, findings })}\n`);
  else if (findings.length === 0) say('no finding is open');
  else for (const finding of findings) process.stdout.write(`${findingLine(finding)}\n`);
  return findings.length === 0 ? EXIT.ok : EXIT.findings;
}

function findingLine(finding: Answer): string {
  const { id, time, severity, detector, taken, lane, method, host, path: place, dismissal } = finding;
  const mark = dismissal === null ? '' : '  dismissed';
  const parts = [id, `${String(time).slice(0, 19)}Z`, String(severity).padEnd(8), String(taken).padEnd(8), detector, `in ${String(lane)}`];
  return printable(`${parts.map(String).join('  ')}  ${String(method)} ${String(host)}${String(place)}${mark}`);
}

export interface DismissFlags extends Flags {
  readonly until: string;
  readonly reason: string;
  readonly by?: string;
  readonly scope?: string;
  readonly policy?: string;
}

/**
 * `sluice findings dismiss ID`: kept in the inventory, and printed as the row that makes the filter except it, or with a policy as the diff
 * that adds it. With a policy that the row would break nothing is dismissed that was not before.
 */
export async function dismissFinding(id: string, flags: DismissFlags): Promise<number> {
  const { url, json, until, reason, by, policy } = flags;
  const scope = flags.scope?.split(',').map((part) => part.trim());
  const { item, patch } = await withInventory({ url }, async (client) => {
    const before = (await client.get('dismissals'))['items'] as readonly DismissalAnswer[]; // as the API's document says
    const { item } = await client.post('dismissals', { finding: id, until, reason, by, scope });
    const kept = item as unknown as DismissalAnswer; // as the API's document says
    try {
      return { item: kept, patch: patchOf(kept, policy) };
    } catch (error) {
      if (before.every((one) => one.id !== kept.id)) await client.delete(`dismissals/${kept.id}`);
      throw error;
    }
  });
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, dismissal: item, ...(patch !== undefined && { patch }) })}\n`);
  else if (patch !== undefined) process.stdout.write(patch);
  else if (item.policyRow !== null) process.stdout.write(`${item.policyRow}\n`);
  say(dismissedText(item, policy));
  return EXIT.ok;
}

function patchOf(dismissal: DismissalAnswer, policy: string | undefined): string | undefined {
  if (policy === undefined) return undefined;
  if (!dismissal.exceptable)
    throw new AppError('usage', `no policy excepts ${printable(dismissal.row.detector)}: its rule stands elsewhere in the policy`, {
      next: 'leave --policy out to dismiss it in the inventory alone, or change what the policy grants',
    });
  const { before, after } = policyWithException(policy, dismissal.row);
  return unifiedDiff(path.relative('.', policy), before, after);
}

function dismissedText({ id, exceptable, row }: DismissalAnswer, policy: string | undefined): string {
  const kept = `dismissed until ${row.until}; \`sluice findings reopen ${id}\` takes it back`;
  if (!exceptable) return `${kept}. The filter goes on as it does: what an agent may do stands under agents and behaviour of a policy`;
  return policy === undefined
    ? `${kept}. The filter follows once the row stands below \`exceptions:\` of its policy`
    : `${kept}. The filter follows once the diff is applied and the policy loaded`;
}

/** `sluice findings dismissed`: every dismissal as a row of a policy, or with `--json` with its id. Exit 0. */
export async function listDismissals({ url, json }: Flags): Promise<number> {
  const { items } = await withInventory({ url }, (client) => client.get('dismissals'));
  const dismissals = items as readonly DismissalAnswer[]; // as the API's document says
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, dismissals })}\n`);
  else if (dismissals.length === 0) say('nothing is dismissed');
  else process.stdout.write(`exceptions:\n${dismissals.map(dismissalLine).join('')}`);
  return EXIT.ok;
}

const dismissalLine = ({ id, row, policyRow, expired }: DismissalAnswer): string =>
  `  ${policyRow ?? `# no policy excepts ${printable(row.detector)}`} # ${id}${expired ? ', expired' : ''}\n`;

/** `sluice findings reopen ID`. */
export async function reopenFindings(id: string, { url, json }: Flags): Promise<number> {
  const { item } = await withInventory({ url }, (client) => client.delete(`dismissals/${encodeURIComponent(id)}`));
  if (json) process.stdout.write(`${JSON.stringify({ version: 1, dismissal: item })}\n`);
  const row: ExceptionRow = (item as unknown as DismissalAnswer).row; // as the API's document says
  say(`open again: findings of ${printable(row.detector)}. A row in a policy stays there until it is removed`);
  return EXIT.ok;
}
