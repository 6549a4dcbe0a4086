import { createRandom, type Random } from '../test/support/random.ts';
import { openFloor } from './harness/arms.ts';
import type { LoopReport } from './harness/loop.ts';
import type { BenchOptions } from './harness/options.ts';
import type { BenchResult } from './harness/record.ts';
import { chatBody, prose } from './harness/workloads.ts';
import { FULL_POLICY } from './hop.ts';

/** Requests of each corpus, and requests until the hot path is compiled. */
const WHOLE = [3, 3_000] as const;
const QUICK = [1, 100] as const;
const MB = 1024 * 1024;
const CONNECTIONS = 4;
/** Small bodies that come at once. */
const CROWD = 64;
const SMALL_UNITS = 15 * 1024;

/**
 * The longest time for which the event loop does one thing while bodies of every kind pass, large ones and such as are made to be slow, as
 * requests and as answers. Other exchanges of the process wait that long.
 */
export async function loop({ quick }: Pick<BenchOptions, 'quick'>): Promise<BenchResult> {
  const [times, warmRequests] = quick ? QUICK : WHOLE;
  const random = createRandom();
  const corpora = corporaOf(random);
  const floor = await openFloor();
  try {
    const arm = await floor.sluice({ name: 'Sluice, enforce', policy: FULL_POLICY, telemetry: 'all', enforces: true, probed: true });
    const load = arm.connect(CONNECTIONS);
    const probe = arm.filter!.probe!;
    await load.count({ next: () => chatBody(prose(random, 800)) }, warmRequests);
    const rows = [];
    for (const [corpus, body] of Object.entries(corpora)) {
      process.stderr.write(`${corpus}\n`);
      const statuses = new Set<string>();
      const report = await probe.loop(async () => {
        for (let time = 0; time < times; time++) {
          const answer = await load.send(body, { 'x-echo': 'body' });
          statuses.add(answer?.head.slice(9, 12) ?? 'broken off');
        }
      });
      rows.push(rowOf({ corpus, bytes: body.length, statuses, report }));
    }
    const crowd = arm.connect(CROWD);
    for (const [corpus, body] of Object.entries(smallBodiesOf(random))) {
      process.stderr.write(`${corpus}\n`);
      const statuses = new Set<string>();
      const report = await probe.loop(async () => {
        const { failed } = await crowd.count({ next: () => body }, times * CROWD);
        statuses.add(failed === 0 ? '200' : `${failed} failed`);
      });
      rows.push(rowOf({ corpus, bytes: body.length, statuses, report }));
    }
    const longest = Math.max(...rows.map((row) => row['longest, ms of CPU']));
    return {
      unit: `The longest block of the event loop in ${times} requests, each answered with its own body: by the CPU time of its thread, and by the clock, where what others took of the core counts too`,
      facts: { seed: random.seed, pinned: floor.pinning !== undefined },
      rows: rows.toSorted((a, b) => b['longest, ms of CPU'] - a['longest, ms of CPU']),
      figures: [{ what: 'longest block of the event loop under any corpus, ms', value: longest, goal: { most: 50 } }],
    };
  } finally {
    await floor.stop();
  }
}

interface Measured {
  readonly corpus: string;
  readonly bytes: number;
  readonly statuses: ReadonlySet<string>;
  readonly report: LoopReport;
}

function rowOf({ corpus, bytes, statuses, report }: Measured) {
  return {
    corpus,
    KB: Math.round(bytes / 1024),
    status: [...statuses].join(' '),
    'longest, ms of CPU': report.busyMaxMs,
    'by the clock, ms': report.delayMaxMs,
    'longest collection, ms': report.gcMaxMs,
  };
}

/** Bodies that are judged at once each, and come in crowds. */
function smallBodiesOf(random: Random): Readonly<Record<string, Buffer>> {
  return {
    [`prose, ${CROWD} at once`]: chatBody(prose(random, SMALL_UNITS)),
    [`base64 of prose, ${CROWD} at once`]: chatBody(Buffer.from(prose(random, (3 * SMALL_UNITS) / 4)).toString('base64')),
  };
}

/** Bodies by what is in them. */
function corporaOf(random: Random): Readonly<Record<string, Buffer>> {
  const text = (unit: string, bytes: number): Buffer => chatBody(unit.repeat(Math.ceil(bytes / unit.length)));
  const made = (next: () => string, units: number): string => {
    const parts: string[] = [];
    for (let length = 0; length < units; length += parts.at(-1)!.length) parts.push(next());
    return parts.join('');
  };
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'];
  const messages = Array.from({ length: 8_000 }, (_, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content: prose(random, 400) }));
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  return {
    'prose, 220 KB': chatBody(prose(random, 220 * 1024)),
    'prose, 4 MB': chatBody(prose(random, 4 * MB)),
    'prose in 8,000 messages': json({ model: 'gpt-5-mini', messages }),
    'letters of other scripts': chatBody(made(() => String.fromCharCode(0x400 + random.below(0x100)) + random.pick(['', '', '', ' ']), MB)),
    'any characters': chatBody(made(() => String.fromCharCode(random.below(0xd800)), MB)),
    'base64 without end': chatBody(made(() => random.pick(letters), MB)),
    'base64 of prose': chatBody(Buffer.from(prose(random, MB)).toString('base64')),
    'hexadecimal of prose': chatBody(Buffer.from(prose(random, MB / 2)).toString('hex')),
    'percent signs': text('%41%42%43 ', MB),
    'full-width letters': text('Ａｂｃ ', MB),
    'letters apart': text('i g n o r e ', MB),
    'digits in groups': chatBody(made(() => String(random.below(10)) + random.pick(['', '', ' ', '-', '.', '/']), MB)),
    'what looks like cards': text('4 1 1 1 ', MB),
    'what looks like addresses': text('a.b@c', MB),
    'what looks like tokens': text('eyJeyJ.', MB),
    'words of injections': chatBody(
      made(() => `${random.pick(['ignore', 'all', 'previous', 'show', 'system', 'prompt', 'you', 'are'])} `, MB),
    ),
    'e-mail addresses': text('write to bob@bank.example, ', MB / 2),
    'escapes in JSON': Buffer.from(`{"model":"m","messages":[{"role":"user","content":"${'\\u0041\\n'.repeat(MB / 8)}"}]}`),
    'deep JSON': Buffer.from(`{"model":"m","messages":[],"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
    'numbers in JSON': json({ model: 'm', messages: [], x: Array.from({ length: 400_000 }, () => random.below(1e6)) }),
    'names in JSON': json({
      model: 'm',
      messages: [],
      x: Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`name-${at}`, 'value'])),
    }),
  };
}
