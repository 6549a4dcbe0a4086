import { Duplex } from 'node:stream';
import { type ConnectionLimits, Http2Connection } from '../../../src/extproc/http2/connection.ts';
import { encodeHeaderBlock } from '../../../src/extproc/http2/hpack.ts';
import type { RequestHeaders } from '../../../src/extproc/http2/request-headers.ts';
import type { Http2Stream } from '../../../src/extproc/http2/stream.ts';
import { HTTP2 } from '../../../src/lib/limits.ts';
import { ACK, block, bytesOf, type Frame, framesOf, PREFACE, REQUEST, settings, TYPE, uint32 } from '../../support/http2-frames.ts';

export const HEADERS_BLOCK = encodeHeaderBlock([[':status', '200']]);
export const TRAILERS_BLOCK = encodeHeaderBlock([['grpc-status', '0']]);

/** What the owner of a stream was told. */
export interface Told {
  readonly stream: Http2Stream;
  readonly headers: RequestHeaders;
  readonly body: Buffer[];
  ended: boolean;
  drained: number;
  closed: number;
}

export interface WirePeerOptions {
  readonly limits?: Partial<ConnectionLimits>;
  /** What the owner does when a stream opens; its handler is set already. Default: nothing. */
  readonly onOpen?: (told: Told) => void;
  /** What it does with each piece. Default: nothing. */
  readonly onPiece?: (told: Told, piece: Buffer) => void;
  /** What it does at the end of the request. Default: nothing. */
  readonly onEnd?: (told: Told) => void;
  /** The other side takes no bytes from its socket. */
  readonly isStuck?: boolean;
}

/** A connection whose other side is this test: what goes in and what comes out are frames. */
export function openWire(options: WirePeerOptions = {}) {
  const { limits, onOpen = () => {}, onPiece = () => {}, onEnd = () => {}, isStuck = false } = options;
  const written: Buffer[] = [];
  const streams: Told[] = [];
  const errors: string[] = [];
  let closed = 0;
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      written.push(Buffer.from(chunk));
      if (!isStuck) done();
    },
  });
  const connection = new Http2Connection(
    socket,
    { ...HTTP2, concurrentStreams: 100, ...limits },
    {
      onStream(stream, headers) {
        const told: Told = { stream, headers, body: [], ended: false, drained: 0, closed: 0 };
        streams.push(told);
        stream.handler = {
          onData(piece) {
            told.body.push(Buffer.from(piece));
            onPiece(told, piece);
          },
          onEnd() {
            told.ended = true;
            onEnd(told);
          },
          onDrain: () => void told.drained++,
          onClose: () => void told.closed++,
        };
        onOpen(told);
      },
      onError: (error) => errors.push((error as Error).message),
      onClose: () => void closed++,
    },
  );
  let seen = 0;
  return {
    connection,
    socket,
    streams,
    errors,
    /** Every frame that was sent so far. */
    sent: (): readonly Frame[] => framesOf(Buffer.concat(written)).frames,
    /** Those that were sent since the last question. */
    next(): readonly Frame[] {
      const all = framesOf(Buffer.concat(written)).frames;
      const fresh = all.slice(seen);
      seen = all.length;
      return fresh;
    },
    writes: () => written.length,
    push: (bytes: Buffer) => void socket.emit('data', bytes),
    closedTimes: () => closed,
    isEnded: () => socket.writableEnded || socket.destroyed,
  };
}

/** A connection that has exchanged its SETTINGS. */
export function openGreeted(options: WirePeerOptions = {}, ...entries: readonly (readonly [number, number])[]) {
  const wire = openWire(options);
  wire.push(Buffer.concat([PREFACE, bytesOf({ type: TYPE.settings, payload: settings(...entries) })]));
  wire.push(bytesOf({ type: TYPE.settings, flags: ACK }));
  wire.next();
  return wire;
}

/** HEADERS that open a stream. */
export function request(streamId: number, flags: number, fields: Readonly<Record<string, string>> = {}): Buffer {
  return bytesOf({ type: TYPE.headers, flags: flags | 4, streamId, payload: block({ ...REQUEST, ...fields }) });
}

/** The error codes of the GOAWAY and RST_STREAM frames among these. */
export function endings(frames: readonly Frame[]): readonly (readonly [what: string, code: number])[] {
  return frames
    .filter(({ type }) => type === TYPE.goaway || type === TYPE.reset)
    .map(({ type, streamId, payload }) =>
      type === TYPE.goaway ? ['goaway', payload.readUInt32BE(4)] : [`reset ${streamId}`, payload.readUInt32BE(0)],
    );
}

/** A piece of a body. */
export const data = (streamId: number, payload: Buffer | string, flags = 0) =>
  bytesOf({ type: TYPE.data, flags, streamId, payload: Buffer.from(payload) });
export const windowUpdate = (streamId: number, bytes: number) => bytesOf({ type: TYPE.window, streamId, payload: uint32(bytes) });
export const ping = bytesOf({ type: TYPE.ping, payload: Buffer.from('12345678') });
/** Answers with a short body and trailers. */
export const answerAll = ({ stream }: Told) => {
  stream.respond(HEADERS_BLOCK, false);
  stream.write([Buffer.from('answer')]);
  stream.end(TRAILERS_BLOCK);
};
/** An owner that answers at once, with this body and trailers. */
export const respond = (body: Buffer) => ({
  onOpen: ({ stream }: Told) => {
    stream.respond(HEADERS_BLOCK, false);
    stream.write([body]);
    stream.end(TRAILERS_BLOCK);
  },
});
/** Bytes of the bodies among these frames. */
export const bodyBytes = (frames: readonly { type: number; payload: Buffer }[]) =>
  frames.filter(({ type }) => type === TYPE.data).reduce((sum, { payload }) => sum + payload.length, 0);
