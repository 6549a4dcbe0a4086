import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Effect, EnvoyEvent, ExchangeRecord, Header } from '../../src/exchange/events.ts';
import { openExchange } from '../../src/exchange/machine.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { createInflate, type Decoded, type Inflate } from '../../src/services/inflate.ts';
import type { Direction } from '../../src/text/lane.ts';
import type { DialectCase } from './dialect-case.ts';

const FAST = { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } };

/** Content codings, each with what the two ends of a connection do. */
export const ENCODINGS = {
  identity: { encode: (bytes: Buffer): Buffer => bytes, decode: (bytes: Buffer): Buffer => bytes },
  gzip: { encode: (bytes: Buffer): Buffer => gzipSync(bytes), decode: (bytes: Buffer): Buffer => gunzipSync(bytes) },
  br: {
    encode: (bytes: Buffer): Buffer => brotliCompressSync(bytes, FAST),
    decode: (bytes: Buffer): Buffer => brotliDecompressSync(bytes),
  },
  zstd: { encode: (bytes: Buffer): Buffer => zstdCompressSync(bytes), decode: (bytes: Buffer): Buffer => zstdDecompressSync(bytes) },
} as const;
export type Encoding = keyof typeof ENCODINGS;

/** What became of one exchange. */
export interface Exchanged {
  readonly record: ExchangeRecord;
  /** The body of the case's direction as it left, its content coding undone. */
  readonly body: Buffer;
  /** As it came, and as it left. */
  readonly came: Buffer;
  readonly left: Buffer;
  readonly denied: boolean;
}

/** Plays a case through a whole exchange in full duplex, with the filter's own decoders, in pieces of `size` bytes. */
export async function exchange(
  policy: Policy,
  one: DialectCase,
  {
    body,
    encoding,
    contentType,
    size = body.length,
  }: { readonly body: Buffer; readonly encoding: Encoding; readonly contentType: string; readonly size?: number },
): Promise<Exchanged> {
  const machine = openExchange({
    policy,
    exchangeId: 'x',
    fallbackModes: { request: 'buffered', response: 'buffered' },
    hash: () => '0'.repeat(64),
  });
  const effects: Effect[] = [];
  const inflates = new Map<Direction, Inflate>();
  const step = async (event: EnvoyEvent): Promise<void> => {
    for (const effect of machine.step(event)) {
      effects.push(effect);
      if (effect.kind === 'decode') await step({ kind: 'decoded', direction: effect.direction, ...(await decoded(effect)), unixMs: 1 });
    }
  };
  const decoded = (effect: Extract<Effect, { readonly kind: 'decode' }>): Promise<Decoded> => {
    const inflate = inflates.get(effect.direction) ?? createInflate(effect);
    inflates.set(effect.direction, inflate);
    return new Promise((resolve) => inflate.decode(effect, resolve));
  };
  const encoded = ENCODINGS[encoding].encode(body);
  const content: readonly Header[] = [
    ['content-type', contentType],
    ...(encoding === 'identity' ? [] : [['content-encoding', encoding] as const]),
  ];
  const send = async (direction: Direction): Promise<void> => {
    for (let at = 0; at < encoded.length; at += size) {
      const bytes = encoded.subarray(at, at + size);
      await step({ kind: `${direction}-body`, bytes, endOfStream: at + size >= encoded.length, unixMs: 1 });
    }
  };
  const head = Object.entries({
    ':method': one.head.method ?? 'POST',
    ':path': one.head.path,
    ':authority': 'api.example',
    ...one.head.headers,
  });
  await step({ kind: 'open', modes: { request: 'full-duplex', response: 'full-duplex' }, observability: false, attributes: new Map() });
  const asks = one.direction === 'request';
  await step({ kind: 'request-headers', headers: asks ? [...head, ...content] : head, endOfStream: !asks, unixMs: 1 });
  if (asks) await send('request');
  await step({ kind: 'response-headers', headers: [[':status', '200'], ...(asks ? [] : content)], endOfStream: asks, unixMs: 1 });
  if (!asks) await send('response');
  await step({ kind: 'ended', unixMs: 1 });
  for (const inflate of inflates.values()) inflate.close();
  return { ...resultOf(effects, one.direction, encoding), came: encoded };
}

function resultOf(effects: readonly Effect[], direction: Direction, encoding: Encoding): Omit<Exchanged, 'came'> {
  const left = Buffer.concat(
    effects.flatMap((effect) => (effect.kind === 'stream-body' && effect.direction === direction ? effect.parts : [])),
  );
  const plain = effects.some(
    (effect) =>
      effect.kind === 'answer-headers' && effect.direction === direction && effect.mutation?.remove.includes('content-encoding') === true,
  );
  const [record] = effects.flatMap((effect) => (effect.kind === 'record' ? [effect.record] : []));
  if (record === undefined) throw new Error('the exchange left no record');
  const denied = effects.some(({ kind }) => kind === 'deny' || kind === 'abort');
  return { record, left, denied, body: plain || denied ? left : ENCODINGS[encoding].decode(left) };
}
