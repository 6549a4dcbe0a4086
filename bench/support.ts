import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { type StartedProcess, startProcess } from '../test/support/processes.ts';

export { residentBytes } from '../test/support/processes.ts';

/** A 1 KB chat request, clean. */
export const CHAT_BODY = JSON.stringify({
  model: 'gpt-5-mini',
  messages: [
    { role: 'system', content: 'You are the assistant of a bank. Answer politely and only about opening hours, fees and branches.' },
    {
      role: 'user',
      content: `When does the branch on Main Street open? ${'I would like to come by after work to talk about my account. '.repeat(12)}`,
    },
  ],
});

/** Starts one of the programs in `bench/arms`; resolves to its port. */
export async function startArm(name: string): Promise<{ readonly process: StartedProcess; readonly port: number }> {
  const started = startProcess(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    path.join(import.meta.dirname, 'arms', `${name}.ts`),
  ]);
  const { port } = JSON.parse(await started.line('stdout', (line) => line.startsWith('{'))) as { port: number };
  return { process: started, port };
}

/** CPU time of a process so far, user and system, in microseconds; resolution 10 ms (Linux `/proc/<pid>/stat`). */
export function cpuMicroseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

export interface Load {
  /** Sends requests, a number at a time; resolves to how many did not get a 200. */
  run(count: number): Promise<number>;
  close(): void;
}

/** Keep-alive clients in this process. Failures are counted, never retried. */
export function openLoad({
  port,
  parallel,
  body = CHAT_BODY,
}: {
  readonly port: number;
  readonly parallel: number;
  readonly body?: string;
}): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const send = (): Promise<boolean> =>
    new Promise((resolve) => {
      const sent = request({ host: '127.0.0.1', port, path: '/v1/chat/completions', method: 'POST', agent, headers }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode === 200 && response.complete));
        response.on('error', () => resolve(false));
      });
      sent.on('error', () => resolve(false));
      sent.end(body);
    });
  return {
    async run(count) {
      let left = count;
      let failed = 0;
      const worker = async (): Promise<void> => {
        while (left-- > 0) if (!(await send())) failed++;
      };
      await Promise.all(Array.from({ length: parallel }, worker));
      return failed;
    },
    close: () => agent.destroy(),
  };
}

/** Median and interquartile range. */
export function spread(values: readonly number[]): { readonly median: number; readonly iqr: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { median: at(0.5), iqr: at(0.75) - at(0.25) };
}
