/** One HTTP/1.1 message: its first line and headers as they came, and its body without any framing. */
export interface HttpMessage {
  readonly head: string;
  readonly body: Buffer;
}

export interface HttpReader {
  /** Takes what came; gives the messages that are whole with it. */
  push(chunk: Buffer): readonly HttpMessage[];
}

/**
 * Reads messages with a content-length or in chunks, as Envoy and the programs of the bench write them: a few microseconds a message, where
 * `node:http` needs tens on the core that the load shares with Envoy. A message with neither has no body. Throws on anything else.
 */
export function createHttpReader(): HttpReader {
  let pending: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const messages: HttpMessage[] = [];
      for (let read = readMessage(pending); read !== undefined; read = readMessage(pending)) {
        messages.push(read.message);
        pending = pending.subarray(read.end);
      }
      return messages;
    },
  };
}

/** Value of a header in a head as it came, without blanks around it; undefined when it is not there. `name` in lower case. */
export function headerOf(head: string, name: string): string | undefined {
  const start = head.toLowerCase().indexOf(`\r\n${name}:`);
  if (start < 0) return undefined;
  const from = start + name.length + 3;
  const end = head.indexOf('\r\n', from);
  return head.slice(from, end < 0 ? head.length : end).trim();
}

const HEAD_END = Buffer.from('\r\n\r\n');

interface Read {
  readonly message: HttpMessage;
  readonly end: number;
}

function readMessage(bytes: Buffer): Read | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const from = headEnd + HEAD_END.length;
  if (headerOf(head, 'transfer-encoding')?.toLowerCase() === 'chunked') return readChunks(bytes, { head, from });
  const length = Number(headerOf(head, 'content-length') ?? 0);
  if (!Number.isSafeInteger(length) || length < 0) throw new Error('a content-length that is no number');
  const end = from + length;
  return bytes.length < end ? undefined : { message: { head, body: bytes.subarray(from, end) }, end };
}

function readChunks(bytes: Buffer, { head, from }: { readonly head: string; readonly from: number }): Read | undefined {
  const parts: Buffer[] = [];
  for (let at = from; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (!(size >= 0)) throw new Error('a chunk without a size');
    const next = lineEnd + 2 + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return { message: { head, body: Buffer.concat(parts) }, end: next };
    parts.push(bytes.subarray(lineEnd + 2, next - 2));
    at = next;
  }
}
