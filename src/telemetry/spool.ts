import { createHash, randomBytes, randomInt } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rmdir, stat, unlink, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { EXPORT } from '../lib/limits.ts';
import { isAlive } from '../services/is-alive.ts';
import { writeAll } from '../services/write-all.ts';

/** An encoded `ExportTraceServiceRequest`, and how many spans are in it. */
export interface Batch {
  readonly body: Buffer;
  readonly spans: number;
}

/** A batch on disk. */
export interface Segment {
  /** `<Unix ms, 13 digits>-<number, 8 digits>-<spans>.otlp`: the order of age is that of names, and a loss can be counted unread. */
  readonly name: string;
  readonly spans: number;
  readonly bytes: number;
}

/** Batches on disk that wait for the inventory, oldest first. All of it is asynchronous and nothing of it rejects. */
export interface Spool {
  /** What waits. Before `opened` nothing. */
  readonly waiting: () => { readonly segments: number; readonly bytes: number };
  /** Settles when what other processes left was looked for; again every `EXPORT.spoolBeatMs`. */
  readonly opened: Promise<void>;
  /**
   * Keeps a batch: when it resolves to a segment, that is on the disk and outlives the process. `full` and `failed` (the disk's own
   * trouble) keep nothing. `takenUnixMs` is when the batch was made: its place in the order.
   */
  put(batch: Batch, takenUnixMs: number): Promise<Segment | 'full' | 'failed'>;
  /** The oldest segments as one batch of at most `EXPORT.batchSpans` spans, `segmentsMax` segments, but always one. They stay. */
  oldest(segmentsMax: number): Promise<{ readonly batch: Batch; readonly segments: readonly Segment[] } | undefined>;
  /** Forgets segments that arrived or were refused. */
  remove(segments: readonly Segment[]): Promise<void>;
  /** Leaves what waits to the next process. */
  close(): Promise<void>;
}

export interface SpoolOptions {
  /** Where each process has a folder of its own. Made when missing, readable by its owner only. */
  readonly folder: string;
  /** Bytes of segments this process keeps, headers included. What it takes over from others counts, and may exceed it. */
  readonly bytesMax: number;
  /** Spans in segments that cannot be read or are not what was written. */
  readonly onDamaged: (spans: number) => void;
  /** Told when segments of an ended process were taken over. */
  readonly onFound: () => void;
}

/**
 * Opens a spool of this process under `folder`. A process that ended without sending everything leaves its folder; whoever opens a spool
 * there later takes its segments over by renaming them, so that of several only one gets each.
 */
export function openSpool({ folder, bytesMax, onDamaged, onFound }: SpoolOptions): Spool {
  const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
  const own = path.join(folder, `${host}-${process.pid}-${randomBytes(4).toString('hex')}`);
  OWN.add(own);
  let segments: Segment[] = [];
  let bytes = 0;
  let reserved = 0;
  let number = randomInt(50_000_000); // so that what is taken over has a name of its own

  const insert = (segment: Segment): void => {
    bytes += segment.bytes;
    let at = segments.length;
    while (at > 0 && segments[at - 1]!.name > segment.name) at -= 1; // almost always the newest
    segments.splice(at, 0, segment);
  };
  const forget = (gone: readonly Segment[]): void => {
    const names = new Set(gone.map(({ name }) => name));
    for (const segment of segments) if (names.has(segment.name)) bytes -= segment.bytes;
    segments = segments.filter(({ name }) => !names.has(name));
  };
  const takeOver = async (): Promise<void> => {
    const before = segments.length;
    for (const other of await entriesOf(folder)) {
      const left = path.join(folder, other);
      if (left === own || !(await isLeft(left, other, host))) continue;
      for (const name of await entriesOf(left)) await takeOne(left, name);
      await rmdir(left).catch(ignore);
    }
    // Found in one go, sorted in one go: what was left may be tens of thousands of segments.
    segments.sort((a, b) => (a.name < b.name ? -1 : 1));
    if (segments.length > before) onFound();
  };
  const takeOne = async (left: string, name: string): Promise<void> => {
    const spans = spansOf(name);
    if (spans === undefined) return;
    const from = path.join(left, name);
    if (name.endsWith(UNFINISHED)) return removed(from).then((done) => (done ? onDamaged(spans) : undefined));
    const to = path.join(own, name);
    const size = await rename(from, to).then(() => sizeOf(to), ignore);
    if (size === undefined) return; // another process was faster
    segments.push({ name, spans, bytes: size });
    bytes += size;
  };
  const beat = async (): Promise<void> => {
    const now = new Date();
    await mkdir(own, { recursive: true, mode: 0o700 }).catch(ignore);
    await utimes(own, now, now).catch(ignore);
    await takeOver();
  };
  const opened = beat();
  const timer = setInterval(() => void beat(), EXPORT.spoolBeatMs).unref();

  return {
    opened,
    waiting: () => ({ segments: segments.length, bytes }),
    async put({ body, spans }, takenUnixMs) {
      const size = HEADER_BYTES + body.length;
      if (bytes + reserved + size > bytesMax || segments.length >= EXPORT.spoolSegments) return 'full';
      reserved += size;
      number += 1;
      const name = `${digits(takenUnixMs, 13)}-${digits(number, 8)}-${spans}${SUFFIX}`;
      const written = await writeWhole(path.join(own, name), body);
      reserved -= size;
      if (!written) return 'failed';
      const segment = { name, spans, bytes: size };
      insert(segment);
      return segment;
    },
    async oldest(segmentsMax) {
      const read: { readonly segment: Segment; readonly body: Buffer }[] = [];
      let [spans, size] = [0, 0];
      for (const segment of segments.slice(0, segmentsMax)) {
        if (read.length > 0 && (spans + segment.spans > EXPORT.batchSpans || size + segment.bytes > EXPORT.batchBytes)) break;
        const body = await readWhole(path.join(own, segment.name));
        if (body === 'damaged') {
          onDamaged(segment.spans);
          await unlink(path.join(own, segment.name)).catch(ignore);
        }
        if (typeof body === 'string') {
          forget([segment]);
          continue;
        }
        spans += segment.spans;
        size += segment.bytes;
        read.push({ segment, body });
      }
      if (read.length === 0) return undefined;
      // Messages written one after the other are one message with the repeated fields of all (protobuf's encoding: "merging").
      return { batch: { body: Buffer.concat(read.map(({ body }) => body)), spans }, segments: read.map(({ segment }) => segment) };
    },
    async remove(gone) {
      forget(gone);
      await Promise.all(gone.map(({ name }) => unlink(path.join(own, name)).catch(ignore)));
    },
    async close() {
      clearInterval(timer);
      await opened;
      OWN.delete(own);
      // With segments in it the folder stays; its old time says that nobody needs to wait for our end.
      await rmdir(own).catch(() => utimes(own, 0, 0).catch(ignore));
    },
  };
}

/** Folders of spools open in this process: tests open several. */
const OWN = new Set<string>();

const SUFFIX = '.otlp';
const UNFINISHED = '.part';
const NAME = /^\d{13}-\d{8}-(\d{1,6})\.otlp(?:\.part)?$/;
/** Before the body: four letters, its CRC-32 and its length, big endian. */
const MAGIC = Buffer.from('SLS1');
const HEADER_BYTES = 12;

const digits = (value: number, width: number): string => String(Math.trunc(value)).padStart(width, '0');

/** What cannot be done to a file somebody else may have moved is no error. */
const ignore = (): undefined => undefined;

function spansOf(name: string): number | undefined {
  const spans = NAME.exec(name)?.[1];
  return spans === undefined ? undefined : Number(spans);
}

const entriesOf = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => []);
const sizeOf = async (file: string): Promise<number> => (await stat(file)).size;
const removed = (file: string): Promise<boolean> =>
  unlink(file).then(
    () => true,
    () => false,
  );

/** Complete under its name or not there at all, also after a power failure. */
async function writeWhole(file: string, body: Buffer): Promise<boolean> {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32BE(crc32(body), 4);
  header.writeUInt32BE(body.length, 8);
  const part = `${file}${UNFINISHED}`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(part, 'wx', 0o600);
    try {
      await writeAll(handle, [header, body]);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(part, file);
    return true;
  } catch {
    await unlink(part).catch(ignore); // the caller still has the batch and counts it if nothing else takes it
    return false;
  }
}

/** The body of a segment. `gone`: another process took it over, which believed this one dead. */
async function readWhole(file: string): Promise<Buffer | 'damaged' | 'gone'> {
  try {
    if ((await sizeOf(file)) > EXPORT.segmentBytes) return 'damaged';
    const content = await readFile(file);
    if (content.length < HEADER_BYTES || !content.subarray(0, 4).equals(MAGIC)) return 'damaged';
    const body = content.subarray(HEADER_BYTES);
    return body.length === content.readUInt32BE(8) && crc32(body) === content.readUInt32BE(4) ? body : 'damaged';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'gone' : 'damaged';
  }
}

/**
 * Whether nobody lives in a folder of the spool. On this host its process is asked for; one with our own id is an earlier one (containers
 * count from 1). On other hosts that share the folder, and where an id was used again, the folder's time says it: owners renew it.
 */
async function isLeft(folder: string, name: string, host: string): Promise<boolean> {
  const [itsHost, pid] = name.split('-');
  if (itsHost === host && (Number(pid) === process.pid ? !OWN.has(folder) : !isAlive(Number(pid)))) return true;
  const renewed = await stat(folder).then(({ mtimeMs }) => mtimeMs, ignore);
  return renewed !== undefined && Date.now() - renewed > EXPORT.spoolLeftMs;
}
