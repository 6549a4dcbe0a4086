/** Frame types of HTTP/2 (RFC 9113, 6). */
export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags of frames; END_STREAM of DATA and HEADERS is ACK of SETTINGS and PING. */
export const FLAG = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

/** Settings of a connection (RFC 9113, 6.5.2). */
export const SETTING = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const;

/** Why a stream or a connection ends (RFC 9113, 7). */
export const ERROR_CODE = {
  noError: 0,
  protocol: 1,
  internal: 2,
  flowControl: 3,
  streamClosed: 5,
  frameSize: 6,
  refusedStream: 7,
  cancel: 8,
  compression: 9,
  enhanceYourCalm: 11,
} as const;

/** Largest window, and largest stream number. */
export const INT31_MAX = 0x7fff_ffff;
/** Window of a stream and of a connection until somebody says otherwise. */
export const DEFAULT_WINDOW_BYTES = 65_535;
/** Largest frame until the receiver allows more, and the most it may allow. */
export const DEFAULT_FRAME_BYTES = 16_384;
export const FRAME_BYTES_MAX = 0xff_ffff;

/** Length, type, flags, stream. */
export const FRAME_HEAD_BYTES = 9;

/** The first bytes of every client (RFC 9113, 3.4). */
export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** What the peer did against the protocol that ends the whole connection. `message` is a fixed sentence: nothing from traffic. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export function writeFrameHead(into: Uint8Array, at: number, length: number, type: number, flags: number, streamId: number): void {
  into[at] = length >>> 16;
  into[at + 1] = (length >>> 8) & 0xff;
  into[at + 2] = length & 0xff;
  into[at + 3] = type;
  into[at + 4] = flags;
  into[at + 5] = streamId >>> 24;
  into[at + 6] = (streamId >>> 16) & 0xff;
  into[at + 7] = (streamId >>> 8) & 0xff;
  into[at + 8] = streamId & 0xff;
}

/** Four bytes, unsigned. */
export function readUint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
