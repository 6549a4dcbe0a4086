/**
 * Loaded into a filter before its own code (`--import`): a small server on loopback, in the filter's own process, that the harness asks to
 * measure for a while. Its port goes into the file that SLUICE_BENCH_PROBE names. `POST /<what>/start`, then `POST /<what>/stop`, which
 * answers with JSON: `cpu` (a CPU profile), `allocation` (a sampled heap profile, what was collected meanwhile included) and `loop`
 * (`LoopReport`).
 */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Session } from 'node:inspector/promises';
import type { AddressInfo } from 'node:net';
import { isMainThread } from 'node:worker_threads';
import { watchLoop } from '../harness/loop.ts';

const file = process.env['SLUICE_BENCH_PROBE'];
if (file !== undefined && isMainThread) serve(file);

function serve(portFile: string): void {
  const session = new Session();
  session.connect();
  let loop = undefined as ReturnType<typeof watchLoop> | undefined;
  const calls: Readonly<Record<string, () => Promise<object> | object>> = {
    async '/cpu/start'() {
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: 200 });
      await session.post('Profiler.start');
      return {};
    },
    '/cpu/stop': async () => (await session.post('Profiler.stop')).profile,
    async '/allocation/start'() {
      await session.post('HeapProfiler.startSampling', {
        samplingInterval: 16_384,
        includeObjectsCollectedByMajorGC: true,
        includeObjectsCollectedByMinorGC: true,
      });
      return {};
    },
    '/allocation/stop': async () => (await session.post('HeapProfiler.stopSampling')).profile,
    '/loop/start'() {
      loop = watchLoop();
      return {};
    },
    '/loop/stop': async () => (await loop?.stop()) ?? {},
  };
  const server = createServer((request, response) => {
    const call = calls[request.url ?? ''];
    request.resume();
    void Promise.resolve(call?.() ?? {}).then((result) => response.end(JSON.stringify(result)));
  });
  server.listen(0, '127.0.0.1', () => writeFileSync(portFile, String((server.address() as AddressInfo).port)));
  server.unref();
}
