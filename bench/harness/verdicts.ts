import { createHash } from 'node:crypto';
import type { Arm } from './arms.ts';
import { headerOf } from './http-reader.ts';
import { chatBody, type Workload } from './workloads.ts';

/** A key that Sluice and public lists of rules know; and a part of it that is none by itself. */
const SECRET = ['AKIA', 'QWERTY', '234567', 'ASDF'].join('');
const MARKER = SECRET.slice(6, 16);
const CLEAN_REQUESTS = 20;

/**
 * Throws unless arms that enforce keep the same secret from the provider (denied or redacted), all others let it pass as it is, and every
 * arm passes clean requests of the workload without changing a byte. Gives what each arm did with the secret.
 */
export async function checkVerdicts(arms: readonly Arm[], workload: Workload): Promise<Readonly<Record<string, Verdict>>> {
  const verdicts: Record<string, Verdict> = {};
  for (const arm of arms) {
    const verdict = await verdictOf(arm);
    if ((verdict === 'passed') === arm.enforces) throw new Error(`${arm.name}: the secret was ${verdict}`);
    verdicts[arm.name] = verdict;
    await passesClean(arm, workload);
  }
  return verdicts;
}

export type Verdict = 'passed' | 'redacted' | 'denied';

async function verdictOf(arm: Arm): Promise<Verdict> {
  const load = arm.connect(1);
  const answer = await load.send(chatBody(`My key is ${SECRET}, what can I do with it?`), { 'x-marker': MARKER });
  load.close();
  if (answer === undefined) throw new Error(`${arm.name}: no answer`);
  const seen = headerOf(answer.head, 'x-seen');
  if (seen !== undefined) return seen === 'marker' ? 'passed' : 'redacted';
  if (!answer.head.startsWith('HTTP/1.1 403 ')) throw new Error(`${arm.name}: ${answer.head.split('\r\n')[0]}`);
  return 'denied';
}

async function passesClean(arm: Arm, workload: Workload): Promise<void> {
  const load = arm.connect(1);
  for (let at = 0; at < CLEAN_REQUESTS; at++) {
    const body = workload.next();
    const answer = await load.send(body, { 'x-marker': 'nothing' });
    const hash = createHash('sha256').update(body).digest('hex');
    if (answer === undefined || headerOf(answer.head, 'x-body') !== hash)
      throw new Error(`${arm.name}: a clean request did not pass as it was`);
  }
  load.close();
}
