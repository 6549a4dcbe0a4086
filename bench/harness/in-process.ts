import { Session } from 'node:inspector/promises';
import { watchLoop } from './loop.ts';
import { type Profile, reduceAllocation, reduceProfile } from './profile.ts';

/** Profiles what runs in this process, in three runs that are not timed. `run` gives how often it did what the allocation is counted for. */
export async function profileHere(run: () => Promise<number> | number): Promise<Profile> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  await run();
  const cpu = (await session.post('Profiler.stop')).profile;
  await session.post('HeapProfiler.startSampling', { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true });
  const times = await run();
  const allocation = (await session.post('HeapProfiler.stopSampling')).profile;
  session.disconnect();
  const loop = watchLoop();
  await run();
  const { samples = [], timeDeltas = [], nodes } = cpu;
  return { ...reduceProfile({ nodes, samples, timeDeltas }), ...reduceAllocation(allocation, times), loop: await loop.stop() };
}
