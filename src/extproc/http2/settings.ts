import { ConnectionError, DEFAULT_FRAME_BYTES, ERROR_CODE, FRAME, FRAME_BYTES_MAX, INT31_MAX, readUint32, SETTING } from './frames.ts';
import type { Output } from './output.ts';

/** Number and value. */
const ENTRY_BYTES = 6;

/** What a peer's SETTINGS frame changes for us. Undefined: it does not say. */
export interface PeerSettings {
  /** Entries of the frame. */
  readonly count: number;
  readonly initialWindowBytes: number | undefined;
  readonly frameBytes: number | undefined;
}

/** Reads the payload of a SETTINGS frame. The last of several values counts. Throws ConnectionError for one that is not allowed. */
export function readSettings(bytes: Buffer, start: number, end: number): PeerSettings {
  if ((end - start) % ENTRY_BYTES !== 0) throw new ConnectionError(ERROR_CODE.frameSize, 'SETTINGS have a wrong length');
  let initialWindowBytes: number | undefined;
  let frameBytes: number | undefined;
  for (let at = start; at < end; at += ENTRY_BYTES) {
    const id = bytes.readUInt16BE(at);
    const value = readUint32(bytes, at + 2);
    if (id === SETTING.initialWindowSize) {
      if (value > INT31_MAX) throw new ConnectionError(ERROR_CODE.flowControl, 'an initial window is too large');
      initialWindowBytes = value;
    } else if (id === SETTING.maxFrameSize) {
      if (value < DEFAULT_FRAME_BYTES || value > FRAME_BYTES_MAX)
        throw new ConnectionError(ERROR_CODE.protocol, 'SETTINGS_MAX_FRAME_SIZE is not allowed');
      frameBytes = value;
    } else if (id === SETTING.enablePush && value > 1) {
      throw new ConnectionError(ERROR_CODE.protocol, 'SETTINGS_ENABLE_PUSH is not allowed');
    }
  }
  return { count: (end - start) / ENTRY_BYTES, initialWindowBytes, frameBytes };
}

export function writeSettings(output: Output, settings: readonly (readonly [id: number, value: number])[]): void {
  output.frame(settings.length * ENTRY_BYTES, FRAME.settings, 0, 0);
  for (const [id, value] of settings) {
    output.byte(0);
    output.byte(id);
    output.uint32(value);
  }
}
