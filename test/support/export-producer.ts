// A process that makes exchanges for an inventory: `node export-producer.ts <url> <spool folder> <count> <per second> <first id>`.
// Prints `safe <n>` when all are made and delivered or on disk, and after SIGTERM `made <n> lost <n> memory <bytes>`.
import { setTimeout as pause } from 'node:timers/promises';
import { EXPORT } from '../../src/lib/limits.ts';
import { startTelemetry } from '../../src/telemetry/telemetry.ts';
import { exchangeRecord } from '../telemetry/records.ts';

const [url, folder, count, perSecond, first] = process.argv.slice(2);
const telemetry = startTelemetry({
  env: {},
  inventoryUrl: url,
  spool: { folder: String(folder), bytesMax: EXPORT.spoolBytes },
  serviceVersion: '0.0.0',
  installationKey: undefined,
});
let made = 0;
let asked = false;
process.on('SIGTERM', () => {
  asked = true;
});
const startMs = performance.now();
while (made < Number(count) && !asked) {
  const due = Math.min(Number(count), Math.ceil(((performance.now() - startMs) / 1000) * Number(perSecond)));
  for (; made < due; made += 1) telemetry.record(exchangeRecord({ exchangeId: `ex-${Number(first) + made}`, traceparent: undefined }));
  await pause(20);
}
while (!asked && telemetry.inMemory() > 0) await pause(20);
if (!asked) process.stdout.write(`safe ${made}\n`);
while (!asked) await pause(20);
await telemetry.shutdown();
process.stdout.write(`made ${made} lost ${telemetry.lost.queue + telemetry.lost.inventory} memory ${process.memoryUsage.rss()}\n`);
