import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Inventory, startInventory } from '../../src/inventory/server.ts';
import { encodeSpans } from '../../src/telemetry/otlp-writer.ts';
import { ownSpan } from '../inventory/spans.ts';
import { runSluice } from '../support/processes.ts';

const ORIGIN = { resource: { 'service.name': 'sluice' }, scopeVersion: '1', schemaUrl: '' };
const SOON = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

let folder: string;
let inventory: Inventory;
let finding: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-findings-'));
  inventory = await startInventory({ port: 0, database: ':memory:', openapi: [] });
  const span = ownSpan(
    { startUnixMs: Date.now() - 5, endUnixMs: Date.now() },
    { 'sluice.finding.rows': ['pii.card|pii|high|0.99|user|request|redact|redact|10|16'], 'sluice.route.name': 'provider' },
  );
  await fetch(`${inventory.url}/v1/traces`, {
    method: 'POST',
    body: new Uint8Array(encodeSpans([span], ORIGIN)),
    headers: { 'content-type': 'application/x-protobuf' },
  });
});
afterAll(async () => {
  await inventory.stop();
  rmSync(folder, { recursive: true, force: true });
});

const sluice = (...args: string[]) =>
  runSluice(['findings', ...args, '--url', inventory.url], {
    cwd: folder,
    environment: { XDG_STATE_HOME: folder, SLUICE_INVENTORY_TOKEN: '' },
  });
const ROW = `- {detector: pii.card, host: api.bank.example, path: /v1/chat/completions, routeName: provider, lane: user, until: ${SOON}, reason: "a test card"}`;

describe('a finding from the command line', () => {
  it('is listed while it is open, with the exit code for CI', async () => {
    const { code, stdout } = await sluice('list');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^[0-9a-f]{24} {2}\S+ {2}high +redact +pii\.card {2}in user {2}POST api\.bank\.example\/v1\/chat\/completions$/);
    finding = stdout.slice(0, 24);
  });

  it('is dismissed as a diff that git applies and lint finds nothing wrong with', async () => {
    writeFileSync(path.join(folder, 'policy.yaml'), 'version: 1\nmode: enforce\n');
    const { code, stdout, stderr } = await sluice(
      'dismiss',
      finding,
      '--until',
      SOON,
      '--reason',
      'a test card',
      '--policy',
      'policy.yaml',
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining(`dismissed until ${SOON}`)]);
    execFileSync('git', ['apply'], { cwd: folder, input: `${stdout}\n`, stdio: 'pipe' });
    expect(readFileSync(path.join(folder, 'policy.yaml'), 'utf8')).toBe(`version: 1\nmode: enforce\nexceptions:\n  ${ROW}\n`);
    const lint = await runSluice(['policy', 'lint', 'policy.yaml'], { cwd: folder });
    expect([lint.code, lint.stdout]).toEqual([0, '']);
    expect((await sluice('list')).code).toBe(0);
    expect((await sluice('list', '--all')).stdout).toMatch(/ {2}dismissed$/);
  });

  it('is among the dismissed ones, as rows of a policy and with its id, until it is taken back', async () => {
    const rows = await sluice('dismissed');
    expect(rows.stdout).toMatch(/^exceptions:\n {2}- \{detector: pii\.card, .*\} # [0-9a-f]{24}$/);
    const { dismissals } = JSON.parse((await sluice('dismissed', '--json')).stdout) as { dismissals: { id: string }[] };
    expect((await sluice('reopen', dismissals[0]!.id)).code).toBe(0);
    expect((await sluice('list')).code).toBe(1);
  });

  it('is the row to paste without a policy', async () => {
    const { stdout } = await sluice('dismiss', finding, '--until', SOON, '--reason', 'a test card');
    expect(stdout).toBe(ROW);
    const scoped = await sluice('dismiss', finding, '--until', SOON, '--reason', 'x', '--scope', 'route,lane', '--by', 'ann');
    expect(scoped.stdout).toBe(`- {detector: pii.card, routeName: provider, lane: user, until: ${SOON}, reason: x, by: ann}`);
  });

  it('is not dismissed when the policy cannot take the row', async () => {
    const before = (await sluice('dismissed')).stdout;
    writeFileSync(path.join(folder, 'odd.yaml'), '{version: 1, exceptions: [{detector: pii.card, until: 2099-01-01, reason: x}]}\n');
    const { code, stderr } = await sluice('dismiss', finding, '--until', SOON, '--reason', 'x', '--scope', 'lane', '--policy', 'odd.yaml');
    expect([code, stderr]).toEqual([3, expect.stringContaining('a row cannot be added to its "exceptions"')]);
    expect((await sluice('dismissed')).stdout).toBe(before);
  });

  it('keeps a dismissal that stood before a policy refuses its row', async () => {
    const again = ['dismiss', finding, '--until', SOON, '--reason', 'a test card', '--policy', 'odd.yaml'];
    const rows = async () => (await sluice('dismissed')).stdout.split('\n').toSorted();
    const before = await rows();
    expect(before).toHaveLength(3);
    expect((await sluice(...again)).code).not.toBe(0);
    expect(await rows()).toEqual(before);
  });

  it.each([
    ['a finding nobody knows', ['dismiss', 'x', '--until', SOON, '--reason', 'x'], 'no such finding'],
    ['a day that is over', ['dismiss', 'FINDING', '--until', '2020-01-01', '--reason', 'x'], 'until is over'],
    ['no reason', ['dismiss', 'FINDING', '--until', SOON], '--reason'],
    ['a dismissal nobody knows', ['reopen', 'x'], 'no such dismissal'],
  ])('%s exits with 2 and says what to do', async (_, args, message) => {
    const { code, stderr } = await sluice(...args.map((arg) => (arg === 'FINDING' ? finding : arg)));
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
